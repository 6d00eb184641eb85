import { Recent } from './recent.ts';

/**
 * Loads what is costly to make, keeps what was used last, and never makes the same twice at once: the second of two equal
 * bitmaps would otherwise close the first while it is on screen.
 */
export class Loader<Value> {
  readonly #recent: Recent<Value>;
  readonly #loading = new Map<string, Promise<Value>>();
  readonly #bytesOf: (value: Value) => number;

  /**
   * @param budget bytes to keep
   * @param release called with each value that is dropped
   */
  constructor(budget: number, bytesOf: (value: Value) => number, release?: (value: Value) => void) {
    this.#recent = new Recent(budget, release);
    this.#bytesOf = bytesOf;
  }

  /** The value, if it is there at once. */
  kept(key: string): Value | undefined {
    return this.#recent.get(key);
  }

  /** The value that is kept, or else made now. Rejects as `make` does; then the next call makes it anew. */
  async load(key: string, make: () => Promise<Value>): Promise<Value> {
    const kept = this.#recent.get(key);
    if (kept !== undefined) return kept;
    const loading = this.#loading.get(key) ?? this.#make(key, make);
    this.#loading.set(key, loading);
    return await loading;
  }

  async #make(key: string, make: () => Promise<Value>): Promise<Value> {
    try {
      const value = await make();
      this.#recent.put(key, value, this.#bytesOf(value));
      return value;
    } finally {
      this.#loading.delete(key);
    }
  }
}
