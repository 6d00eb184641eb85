import { ByteCache } from './byte-cache.ts';

/**
 * A cache that loads missing values. Concurrent requests for a key share one load, because a second copy of a
 * bitmap would dispose of the first while it is on screen.
 */
export class AsyncCache<Value extends object> {
  readonly #values: ByteCache<Value>;
  readonly #loading = new Map<string, Promise<Value>>();
  readonly #bytesOf: (value: Value) => number;

  /**
   * @param budget in bytes
   * @param dispose called with each value that leaves the cache
   */
  constructor(budget: number, bytesOf: (value: Value) => number, dispose?: (value: Value) => void) {
    this.#values = new ByteCache(budget, dispose);
    this.#bytesOf = bytesOf;
  }

  /** The cached value, without loading it. */
  peek(key: string): Value | undefined {
    return this.#values.get(key);
  }

  /** Returns the cached value, or loads it. Rejects as `load` does, and the next call loads again. */
  async get(key: string, load: () => Promise<Value>): Promise<Value> {
    const cached = this.#values.get(key);
    if (cached !== undefined) return cached;
    const loading = this.#loading.get(key) ?? this.#load(key, load);
    this.#loading.set(key, loading);
    return await loading;
  }

  async #load(key: string, load: () => Promise<Value>): Promise<Value> {
    try {
      const value = await load();
      this.#values.set(key, value, this.#bytesOf(value));
      return value;
    } finally {
      this.#loading.delete(key);
    }
  }
}
