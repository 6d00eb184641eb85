import type {
  AddedModel,
  InputTensor,
  ModelRunner,
  OutputTensor,
  Tensor,
} from '../../methods/extractors/extractor.ts';

/** Time limit for loading and running an added model once; `PERCH_MODEL_SECONDS` overrides it. */
const BASE_SECONDS = positiveNumber(process.env.PERCH_MODEL_SECONDS) ?? 300;
/** Added to the limit for each megapixel of the input. */
const SECONDS_PER_MEGAPIXEL = 120;

/**
 * Announces the time limit before it runs an added model, and the end afterwards. A graph with a loop may never end and blocks the
 * engine's only thread, so the client in the host enforces the limit.
 */
export class TimedRunner implements ModelRunner {
  readonly #runner: ModelRunner;
  readonly #announce: (file: string, timeoutSeconds: number | null) => void;

  constructor(runner: ModelRunner, announce: (file: string, timeoutSeconds: number | null) => void) {
    this.#runner = runner;
    this.#announce = announce;
  }

  run(model: string | AddedModel, ...inputs: InputTensor[]): Promise<Tensor> {
    return this.#timed(model, inputs[0], () => this.#runner.run(model, ...inputs));
  }

  runOutputs(
    model: string | AddedModel,
    input: InputTensor,
    names?: readonly string[],
  ): Promise<OutputTensor[]> {
    return this.#timed(model, input, () => this.#runner.runOutputs(model, input, names));
  }

  async release(): Promise<void> {
    await this.#runner.release?.();
  }

  async #timed<Result>(
    model: string | AddedModel,
    { values }: InputTensor,
    run: () => Promise<Result>,
  ): Promise<Result> {
    if (typeof model === 'string') return run();
    const pixels = values.length / 3;
    this.#announce(model.file, BASE_SECONDS + (SECONDS_PER_MEGAPIXEL * pixels) / 1e6);
    try {
      return await run();
    } finally {
      this.#announce(model.file, null);
    }
  }
}

function positiveNumber(text: string | undefined): number | undefined {
  return Number(text) > 0 ? Number(text) : undefined;
}
