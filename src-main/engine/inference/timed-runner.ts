import type { AddedModel, ModelRunner, Tensor } from '../../methods/extractors/extractor.ts';

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

  async run(model: string | AddedModel, ...inputs: Tensor[]): Promise<Tensor> {
    if (typeof model === 'string') return this.#runner.run(model, ...inputs);
    const pixels = inputs[0].dimensions.slice(-2).reduce((product, side) => product * side, 1);
    this.#announce(model.file, BASE_SECONDS + (SECONDS_PER_MEGAPIXEL * pixels) / 1e6);
    try {
      return await this.#runner.run(model, ...inputs);
    } finally {
      this.#announce(model.file, null);
    }
  }
}

function positiveNumber(text: string | undefined): number | undefined {
  return Number(text) > 0 ? Number(text) : undefined;
}
