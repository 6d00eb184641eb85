import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { listSupportedBackends } from 'onnxruntime-node';
import type { Provider, ProviderChoice } from '../../common/api/schemas.ts';
import { childEnvironment } from '../../platform/child-environment.ts';
import { remedyFor } from '../../platform/remedies.ts';
import type { ProviderReport } from '../protocol/data-types.ts';

/** What ONNX Runtime calls them. */
export const backendNames: Record<Provider, string> = {
  cuda: 'cuda',
  directml: 'dml',
  coreml: 'coreml',
  webgpu: 'webgpu',
  cpu: 'cpu',
};

/** What `auto` tries, best first. Core ML and WebGPU are slower than the CPU on some graphs, so they are used by choice. */
const AUTOMATIC: readonly Provider[] = ['cuda', 'directml', 'cpu'];

/** The program that tries one: a source file, or in the built engine a bundle of its own in the same folder. */
const probe = join(import.meta.dirname, `probe-provider${extname(import.meta.filename)}`);

/** A provider that has not answered by then does not work. */
const PROBE_TIMEOUT_MS = 60_000;

const reports = new Map<Provider, Promise<ProviderReport>>();

/**
 * The provider that extractors will run on, and those that were wanted but cannot be used. A provider is tried once, in a
 * process of its own, for a broken driver may end the process that loads it.
 */
export async function chooseProvider(
  choice: ProviderChoice,
): Promise<{ provider: Provider; skipped: ProviderReport[] }> {
  if (choice !== 'auto') {
    const report = await probeProvider(choice);
    return report.usable ? { provider: choice, skipped: [] } : { provider: 'cpu', skipped: [report] };
  }
  for (const provider of AUTOMATIC) {
    if (isOffered(provider) && (await probeProvider(provider)).usable) return { provider, skipped: [] };
  }
  return { provider: 'cpu', skipped: [] };
}

/** Tries a provider, once. */
export function probeProvider(provider: Provider): Promise<ProviderReport> {
  const known = reports.get(provider) ?? tryProvider(provider);
  reports.set(provider, known);
  return known;
}

async function tryProvider(provider: Provider): Promise<ProviderReport> {
  if (provider === 'cpu') return { provider, usable: true };
  if (!isKnown(provider)) {
    const reason = `ONNX Runtime has no ${provider} provider for ${process.platform} on ${process.arch}.`;
    return { provider, usable: false, reason };
  }
  if (!isOffered(provider)) {
    const reason = `Its library is not installed. ${remedyFor('cudaProvider')}`;
    return { provider, usable: false, reason };
  }
  const failure = await failureOf(provider);
  return failure === undefined ? { provider, usable: true } : { provider, usable: false, reason: failure };
}

function isKnown(provider: Provider): boolean {
  return listSupportedBackends().some(({ name }) => name === backendNames[provider]);
}

/** Whether the files of a provider are there at all; asking costs no process. */
function isOffered(provider: Provider): boolean {
  const backend = listSupportedBackends().find(({ name }) => name === backendNames[provider]);
  if (!backend) return false;
  return backend.bundled || existsSync(join(libraryFolder(), `libonnxruntime_providers_${backend.name}.so`));
}

function libraryFolder(): string {
  const binary = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  return join(dirname(binary), 'bin/napi-v6', process.platform, process.arch);
}

/** Runs the probe in a process of its own. @returns why it failed, or undefined */
function failureOf(provider: Provider): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [probe, backendNames[provider]], {
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
      env: childEnvironment(),
      timeout: PROBE_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (cause) => resolve(cause.message));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(undefined);
      else resolve(output.trim() || `The process that tried it ended with ${signal ?? `exit code ${code}`}.`);
    });
  });
}
