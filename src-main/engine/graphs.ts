import { readFile } from 'node:fs/promises';
import * as ort from 'onnxruntime-node';
import { PerchError } from '../api/errors.ts';
import type { GraphRunner, Tensor } from '../methods/extractors/extractor.ts';
import { modelsFolder } from './folders.ts';

/** Runs ONNX graphs with ONNX Runtime; a graph is loaded at first use and kept. */
export class OnnxGraphs implements GraphRunner {
  readonly #threads: number;
  readonly #sessions = new Map<string, Promise<ort.InferenceSession>>();

  constructor(threads: number) {
    this.#threads = threads;
  }

  async run(file: string, { values, dimensions }: Tensor): Promise<Tensor> {
    const session = await this.#session(file);
    const input = new ort.Tensor('float32', values, dimensions);
    const outputs = await session.run({ [session.inputNames[0]]: input });
    const output = outputs[session.outputNames[0]];
    return { values: output.data as Float32Array, dimensions: output.dims };
  }

  #session(file: string): Promise<ort.InferenceSession> {
    const loaded = this.#sessions.get(file) ?? this.#load(file);
    this.#sessions.set(file, loaded);
    return loaded;
  }

  async #load(file: string): Promise<ort.InferenceSession> {
    try {
      return await ort.InferenceSession.create(await readFile(new URL(file, modelsFolder)), {
        executionProviders: ['cpu'],
        intraOpNumThreads: this.#threads,
        graphOptimizationLevel: 'all',
      });
    } catch (cause) {
      this.#sessions.delete(file);
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new PerchError('MODEL_UNUSABLE', `The model ${file} could not be loaded: ${reason}`, cause);
    }
  }
}
