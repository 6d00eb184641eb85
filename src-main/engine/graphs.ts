import { readFile, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import * as ort from 'onnxruntime-node';
import { PerchError } from '../api/errors.ts';
import type { Provider } from '../api/schemas.ts';
import type { GraphRunner, Tensor } from '../methods/extractors/extractor.ts';
import { modelsFolder } from './folders.ts';
import { backendNames } from './providers.ts';

/** Runs ONNX graphs with ONNX Runtime on one provider; a graph is loaded at first use and kept. */
export class OnnxGraphs implements GraphRunner {
  readonly #threads: number;
  readonly #provider: Provider;
  readonly #sessions = new Map<string, { version: string; session: Promise<ort.InferenceSession> }>();

  constructor(threads: number, provider: Provider = 'cpu') {
    this.#threads = threads;
    this.#provider = provider;
  }

  async run(file: string, ...inputs: Tensor[]): Promise<Tensor> {
    const session = await this.#session(file);
    const feeds = inputs.map(({ values, dimensions }, i) => {
      return [session.inputNames[i], new ort.Tensor('float32', values, dimensions)] as const;
    });
    try {
      const outputs = await session.run(Object.fromEntries(feeds));
      const output = outputs[session.outputNames[0]];
      if (output.type !== 'float32') throw new TypeError(`its output is ${output.type}, not float32`);
      return { values: output.data as Float32Array, dimensions: output.dims };
    } catch (cause) {
      const shapes = inputs.map(({ dimensions }) => `[${dimensions.join(', ')}]`).join(', ');
      throw unusable(file, `failed on an input of ${shapes}`, cause);
    }
  }

  async #session(file: string): Promise<ort.InferenceSession> {
    const path = isAbsolute(file) ? file : new URL(file, modelsFolder);
    // A model of the user's may have been replaced meanwhile.
    const version = await stat(path).then(
      ({ mtimeMs, size }) => `${mtimeMs} ${size}`,
      () => 'missing',
    );
    const kept = this.#sessions.get(file);
    if (kept?.version === version) return kept.session;
    const session = this.#load(file, path);
    this.#sessions.set(file, { version, session });
    return session;
  }

  async #load(file: string, path: string | URL): Promise<ort.InferenceSession> {
    try {
      return await ort.InferenceSession.create(await readFile(path), {
        executionProviders: [backendNames[this.#provider]],
        intraOpNumThreads: this.#threads,
        graphOptimizationLevel: 'all',
        // Plans made for one image size do not serve the next, and cost memory.
        enableMemPattern: false,
        // Threads that wait by spinning would take the cores from the statistic that follows.
        extra: { session: { intra_op: { allow_spinning: '0' } } },
      });
    } catch (cause) {
      this.#sessions.delete(file);
      throw unusable(file, 'could not be loaded', cause);
    }
  }
}

function unusable(file: string, what: string, cause: unknown): PerchError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PerchError('MODEL_UNUSABLE', `The model ${file} ${what}: ${reason}`, cause);
}
