/** Items that the rate is taken over. */
const WINDOW = 30;

/** A rate over fewer items or milliseconds is chance: the first items may end together, or load a model. */
const FEWEST = 3;
const SHORTEST_MS = 2000;

/** How fast a run's items end. */
export class ThroughputMeter {
  /** When the work began, then when each item ended; the oldest give way to the newest. */
  readonly #times: number[];

  /** @param now when the first item is begun: milliseconds, of any clock that goes forward */
  constructor(now = performance.now()) {
    this.#times = [now];
  }

  /** An item that was really worked on has ended. */
  ended(now = performance.now()): void {
    this.#times.push(now);
    if (this.#times.length > WINDOW + 1) this.#times.shift();
  }

  /** Items a second over the latest ones; null until enough have ended to emit. */
  get rate(): number | null {
    const items = this.#times.length - 1;
    const elapsed = (this.#times.at(-1) ?? 0) - this.#times[0];
    if (items < FEWEST || elapsed < SHORTEST_MS) return null;
    return (items / elapsed) * 1000;
  }
}
