import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-node';
import { PerchError } from '../../common/api/errors.ts';
import type { Provider } from '../../common/api/schemas.ts';
import { readRegular } from '../../files/read.ts';
import type {
  AddedModel,
  InputTensor,
  ModelRunner,
  OutputTensor,
  Tensor,
} from '../../methods/extractors/extractor.ts';
import { modelsFolder } from '../paths.ts';
import { backendNames } from './providers.ts';

/** Graphs that run once for each image. Their memory is returned to the system afterwards. */
const WITHOUT_ARENA: ReadonlySet<string> = new Set(['gabor_constants.onnx', 'gabor67_constants.onnx']);

/** Runs ONNX models with ONNX Runtime on one provider. Sessions are created on first use and cached. */
export class SessionPool implements ModelRunner {
  readonly #threads: number;
  readonly #provider: Provider;
  readonly #sessions = new Map<string, { version: string; session: Promise<ort.InferenceSession> }>();

  constructor(threads: number, provider: Provider = 'cpu') {
    this.#threads = threads;
    this.#provider = provider;
  }

  async run(model: string | AddedModel, ...inputs: InputTensor[]): Promise<Tensor> {
    const { file, session } = await this.#open(model);
    const [name] = session.outputNames;
    const output = (await compute(file, session, inputs, [name]))[name];
    const values = toFloat32(output.data);
    if (!values)
      throw failed(file, inputs, new TypeError(`its output is ${output.type}, not floating-point`));
    return { values, dimensions: output.dims };
  }

  async runOutputs(
    model: string | AddedModel,
    input: InputTensor,
    names?: readonly string[],
  ): Promise<OutputTensor[]> {
    const { file, session } = await this.#open(model);
    const wanted = names ?? session.outputNames;
    const missing = wanted.find((name) => !session.outputNames.includes(name));
    if (missing !== undefined)
      throw failed(file, [input], `it has no output "${missing}", but ${session.outputNames.join(', ')}`);
    const outputs = await compute(file, session, [input], wanted);
    return wanted.map((name) => {
      const { type, dims, data } = outputs[name];
      return { name, type, dimensions: dims, values: toFloat32(data) };
    });
  }

  async release(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const { session } of sessions) await (await session.catch(() => undefined))?.release();
  }

  async #open(model: string | AddedModel): Promise<{ file: string; session: ort.InferenceSession }> {
    const { file, sha256 } = typeof model === 'string' ? { file: model } : model;
    return { file, session: await this.#session(file, sha256) };
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
        enableCpuMemArena: !WITHOUT_ARENA.has(file),
        // Spinning threads would take cores from the statistic that runs next.
        extra: { session: { intra_op: { allow_spinning: '0' } } },
      });
    } catch (cause) {
      this.#sessions.delete(file);
      throw cause instanceof PerchError ? cause : unusable(file, 'could not be loaded', cause);
    }
  }
}

async function compute(
  file: string,
  session: ort.InferenceSession,
  inputs: readonly InputTensor[],
  names: readonly string[],
): Promise<ort.InferenceSession.OnnxValueMapType> {
  try {
    const feeds = inputs.map((input, i) => [session.inputNames[i], toOrt(input)] as const);
    return await session.run(Object.fromEntries(feeds), names);
  } catch (cause) {
    throw failed(file, inputs, cause);
  }
}

function toOrt({ values, dimensions, half }: InputTensor): ort.Tensor {
  if (values instanceof Uint8Array) return new ort.Tensor('uint8', values, dimensions);
  if (half) return halfTensor(values, dimensions);
  return new ort.Tensor('float32', values, dimensions);
}

function halfTensor(values: Float32Array, dimensions: readonly number[]): ort.Tensor {
  const bits = new Uint16Array(new Float16Array(values).buffer);
  const tensor = new ort.Tensor('float16', bits, dimensions);
  // The tensor holds a Float16Array, which the native part of ONNX Runtime does not recognize.
  return Object.defineProperty(tensor, 'data', { value: bits });
}

function toFloat32(data: ort.Tensor['data']): Float32Array | undefined {
  if (data instanceof Float32Array) return data;
  const isFloat: boolean = data instanceof Float64Array || (data as unknown) instanceof Float16Array;
  return isFloat ? Float32Array.from(data as Float64Array) : undefined;
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

const FAILED = 'failed on an input of';

/** Whether a model was loaded but could not be run on an input. */
export function isFailedRun(cause: unknown): boolean {
  return cause instanceof PerchError && cause.message.includes(FAILED);
}

function failed(file: string, inputs: readonly InputTensor[], cause: unknown): PerchError {
  const shapes = inputs.map(({ dimensions }) => `[${dimensions.join(', ')}]`).join(', ');
  return unusable(file, `${FAILED} ${shapes}`, cause);
}

function unusable(file: string, what: string, cause: unknown): PerchError {
  const reason = (cause instanceof Error ? cause.message : String(cause)).trim();
  return new PerchError('MODEL_UNUSABLE', `The model ${file} ${what}: ${reason}`, cause);
}
