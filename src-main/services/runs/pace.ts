/** Tasks that the rate is taken over. */
const WINDOW = 30;

/** How fast a run's tasks end. */
export class Pace {
  readonly #ends: number[] = [];

  /** A task that was really worked on has ended. @param now milliseconds, of any clock that goes forward */
  ended(now = performance.now()): void {
    this.#ends.push(now);
    if (this.#ends.length > WINDOW) this.#ends.shift();
  }

  /** Tasks a second over the latest ones; null before two have ended. */
  get rate(): number | null {
    const [first] = this.#ends;
    const last = this.#ends.at(-1);
    if (last === undefined || last <= first) return null;
    return ((this.#ends.length - 1) / (last - first)) * 1000;
  }
}
