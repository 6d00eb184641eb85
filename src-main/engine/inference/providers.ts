import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { listSupportedBackends } from 'onnxruntime-node';
import type { Provider, ProviderChoice } from '../../common/api/schemas.ts';
import { remedyFor } from '../../platform/remedies.ts';
import type { ProviderReport } from '../protocol/data-types.ts';
import { runProbe } from './run-probe.ts';

/** ONNX Runtime's names of the execution providers. */
export const backendNames: Record<Provider, string> = {
  cuda: 'cuda',
  directml: 'dml',
  coreml: 'coreml',
  webgpu: 'webgpu',
  cpu: 'cpu',
};

/** The candidates of `auto`, best first. Core ML and WebGPU are slower than the CPU on some graphs, so they need an explicit choice. */
const AUTOMATIC: readonly Provider[] = ['cuda', 'directml', 'cpu'];

/** The execution providers of this installation of ONNX Runtime. */
export interface ProviderRuntime {
  /** Whether the build for this platform has the provider. */
  supports(provider: Provider): boolean;
  /** Whether the files of the provider are there. Does not load them. */
  isInstalled(provider: Provider): boolean;
  /** Runs a small model on the provider. Returns why it failed, or undefined. */
  probe(provider: Provider): Promise<string | undefined>;
}

/** Chooses the execution provider for models. Probes each provider at most once. */
export class ProviderSelector {
  readonly #runtime: ProviderRuntime;
  readonly #reports = new Map<Provider, Promise<ProviderReport>>();

  constructor(runtime: ProviderRuntime = onnxRuntime) {
    this.#runtime = runtime;
  }

  /**
   * The provider to use for a choice: the chosen one, the best one for `auto`, or the CPU if the chosen one is unusable, which is then
   * reported in `skipped`.
   */
  async select(choice: ProviderChoice): Promise<{ provider: Provider; skipped: ProviderReport[] }> {
    if (choice !== 'auto') {
      const report = await this.probe(choice);
      return report.usable ? { provider: choice, skipped: [] } : { provider: 'cpu', skipped: [report] };
    }
    for (const provider of AUTOMATIC) {
      if (this.#runtime.isInstalled(provider) && (await this.probe(provider)).usable)
        return { provider, skipped: [] };
    }
    return { provider: 'cpu', skipped: [] };
  }

  /** Finds out whether a provider is usable. */
  probe(provider: Provider): Promise<ProviderReport> {
    const report = this.#reports.get(provider) ?? this.#report(provider);
    this.#reports.set(provider, report);
    return report;
  }

  async #report(provider: Provider): Promise<ProviderReport> {
    if (provider === 'cpu') return { provider, usable: true };
    if (!this.#runtime.supports(provider)) {
      const reason = `ONNX Runtime has no ${provider} provider for ${process.platform} on ${process.arch}.`;
      return { provider, usable: false, reason };
    }
    if (!this.#runtime.isInstalled(provider)) {
      const reason = `Its library is not installed. ${remedyFor('cudaProvider')}`;
      return { provider, usable: false, reason };
    }
    const reason = await this.#runtime.probe(provider);
    return reason === undefined ? { provider, usable: true } : { provider, usable: false, reason };
  }
}

const onnxRuntime: ProviderRuntime = {
  supports: (provider) => backendOf(provider) !== undefined,
  isInstalled: (provider) => {
    const backend = backendOf(provider);
    if (!backend) return false;
    return (
      backend.bundled || existsSync(join(libraryFolder(), `libonnxruntime_providers_${backend.name}.so`))
    );
  },
  async probe(provider) {
    const outcome = await runProbe('probe-provider', backendNames[provider]);
    return 'reason' in outcome ? outcome.reason : undefined;
  },
};

function backendOf(provider: Provider): { name: string; bundled: boolean } | undefined {
  return listSupportedBackends().find(({ name }) => name === backendNames[provider]);
}

function libraryFolder(): string {
  const manifest = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  return join(dirname(manifest), 'bin/napi-v6', process.platform, process.arch);
}
