/** Number of items in the moving average. */
const WINDOW = 30;

/**
 * Minimum items and time for a meaningful rate: the first items may end together, or may wait for a model to
 * load.
 */
const FEWEST = 3;
const SHORTEST_MS = 2000;

/** Measures a run's throughput. */
export class ThroughputMeter {
  /** The start time, then the end times of the latest items. */
  readonly #times: number[];

  /** @param now start of the first item, in milliseconds of a monotonic clock */
  constructor(now = performance.now()) {
    this.#times = [now];
  }

  /** Records the end of a processed item. */
  ended(now = performance.now()): void {
    this.#times.push(now);
    if (this.#times.length > WINDOW + 1) this.#times.shift();
  }

  /** Items per second over the latest items; null until enough have ended. */
  get rate(): number | null {
    const items = this.#times.length - 1;
    const elapsed = (this.#times.at(-1) ?? 0) - this.#times[0];
    if (items < FEWEST || elapsed < SHORTEST_MS) return null;
    return (items / elapsed) * 1000;
  }
}
