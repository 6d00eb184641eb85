/** Keeps what was used last, up to a number of bytes. */
export class Recent<Value> {
  readonly #kept = new Map<string, { value: Value; bytes: number }>();
  readonly #budget: number;
  readonly #release: (value: Value) => void;
  #bytes = 0;

  /** @param release called with each value that is dropped */
  constructor(budget: number, release: (value: Value) => void = () => {}) {
    this.#budget = budget;
    this.#release = release;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Value | undefined {
    const found = this.#kept.get(key);
    if (!found) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, found);
    return found.value;
  }

  /** Keeps a value, dropping the least recently used; what was just put stays, however large. */
  put(key: string, value: Value, bytes: number): void {
    this.drop(key);
    this.#kept.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#budget || oldest === key) break;
      this.drop(oldest);
    }
  }

  drop(key: string): void {
    const found = this.#kept.get(key);
    if (!found) return;
    this.#kept.delete(key);
    this.#bytes -= found.bytes;
    this.#release(found.value);
  }
}
