/** Writes at most one line per interval, with the number of lines dropped since the previous one. */
export class RateLimitedLog {
  readonly #write: (line: string) => void;
  readonly #intervalMs: number;
  #last = -Infinity;
  #dropped = 0;

  constructor(write: (line: string) => void = (line) => console.error(line), intervalMs = 10_000) {
    this.#write = write;
    this.#intervalMs = intervalMs;
  }

  write(line: string): void {
    const now = performance.now();
    if (now - this.#last < this.#intervalMs) {
      this.#dropped++;
      return;
    }
    this.#write(this.#dropped > 0 ? `${line} (${this.#dropped} more messages)` : line);
    this.#last = now;
    this.#dropped = 0;
  }
}
