import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-node';
import { PerchError } from '../../common/api/errors.ts';
import type { Provider } from '../../common/api/schemas.ts';
import { readRegular } from '../../files/read.ts';
import type { AddedModel, ModelRunner, Tensor } from '../../methods/extractors/extractor.ts';
import { modelsFolder } from '../paths.ts';
import { backendNames } from './providers.ts';

/** Runs ONNX models with ONNX Runtime on one provider. Sessions are created on first use and cached. */
export class SessionPool implements ModelRunner {
  readonly #threads: number;
  readonly #provider: Provider;
  readonly #sessions = new Map<string, { version: string; session: Promise<ort.InferenceSession> }>();

  constructor(threads: number, provider: Provider = 'cpu') {
    this.#threads = threads;
    this.#provider = provider;
  }

  async run(model: string | AddedModel, ...inputs: Tensor[]): Promise<Tensor> {
    const { file, sha256 } = typeof model === 'string' ? { file: model } : model;
    const session = await this.#session(file, sha256);
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

  async #session(file: string, sha256: string | undefined): Promise<ort.InferenceSession> {
    const path = isAbsolute(file) ? file : fileURLToPath(new URL(file, modelsFolder));
    const found = await stat(path).catch(() => undefined);
    // Reading a named pipe would block until its other end opens.
    if (found?.isFile() === false) throw unusable(file, 'could not be loaded', 'it is not a regular file');
    // The user may have replaced an added model since.
    const version = found
      ? [found.mtimeMs, found.ctimeMs, found.size, found.ino, sha256].join(' ')
      : 'missing';
    const cached = this.#sessions.get(file);
    if (cached?.version === version) return cached.session;
    const session = this.#load(file, path, sha256);
    this.#sessions.set(file, { version, session });
    return session;
  }

  async #load(file: string, path: string, sha256: string | undefined): Promise<ort.InferenceSession> {
    try {
      const bytes = await readRegular(path);
      if (sha256 !== undefined) assertChecksum(file, bytes, sha256);
      return await ort.InferenceSession.create(bytes, {
        executionProviders: [backendNames[this.#provider]],
        intraOpNumThreads: this.#threads,
        graphOptimizationLevel: 'all',
        // Memory plans are specific to an image size, and take memory.
        enableMemPattern: false,
        // Spinning threads would take cores from the statistic that runs next.
        extra: { session: { intra_op: { allow_spinning: '0' } } },
      });
    } catch (cause) {
      this.#sessions.delete(file);
      throw cause instanceof PerchError ? cause : unusable(file, 'could not be loaded', cause);
    }
  }
}

/** Results are stored with the checksum of their model, so no other model may compute them. */
function assertChecksum(file: string, bytes: Uint8Array, sha256: string): void {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found === sha256) return;
  throw new PerchError(
    'MODEL_UNUSABLE',
    `${file} is not the imported model: its SHA-256 is ${found.slice(0, 12)}..., expected ${sha256.slice(0, 12)}... ` +
      'It was replaced or damaged.',
    undefined,
    { kind: 'reimport-model' },
  );
}

function unusable(file: string, what: string, cause: unknown): PerchError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PerchError('MODEL_UNUSABLE', `The model ${file} ${what}: ${reason}`, cause);
}
