/** Writes at most one line in so many milliseconds, and with the next one how many were left out. */
export class RateLimitedLog {
  readonly #write: (line: string) => void;
  readonly #every: number;
  #last = -Infinity;
  #left = 0;

  constructor(write: (line: string) => void = (line) => console.error(line), every = 10_000) {
    this.#write = write;
    this.#every = every;
  }

  tell(line: string): void {
    const now = performance.now();
    if (now - this.#last < this.#every) {
      this.#left++;
      return;
    }
    this.#write(this.#left > 0 ? `${line} (and ${this.#left} times more)` : line);
    this.#last = now;
    this.#left = 0;
  }
}
