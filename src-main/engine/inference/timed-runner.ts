import type { AddedModel, ModelRunner, Tensor } from '../../methods/extractors/extractor.ts';

/** What an added network may take to load and to run, at least; `PERCH_MODEL_SECONDS` sets another time. */
const SECONDS = positive(process.env.PERCH_MODEL_SECONDS) ?? 300;
/** What it may take more for every megapixel. */
const SECONDS_PER_MEGAPIXEL = 120;

/**
 * Says before an added network is run how long it may take, and afterwards that it has ended: a graph with a loop may never
 * end, and this process does nothing else meanwhile.
 */
export class TimedRunner implements ModelRunner {
  readonly #graphs: ModelRunner;
  readonly #announce: (file: string, seconds: number | null) => void;

  constructor(graphs: ModelRunner, announce: (file: string, seconds: number | null) => void) {
    this.#graphs = graphs;
    this.#announce = announce;
  }

  async run(graph: string | AddedModel, ...inputs: Tensor[]): Promise<Tensor> {
    if (typeof graph === 'string') return this.#graphs.run(graph, ...inputs);
    const pixels = inputs[0].dimensions.slice(-2).reduce((product, side) => product * side, 1);
    this.#announce(graph.file, SECONDS + (SECONDS_PER_MEGAPIXEL * pixels) / 1e6);
    try {
      return await this.#graphs.run(graph, ...inputs);
    } finally {
      this.#announce(graph.file, null);
    }
  }
}

function positive(text: string | undefined): number | undefined {
  return Number(text) > 0 ? Number(text) : undefined;
}
