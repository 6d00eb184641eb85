import { LRUCache } from 'lru-cache';

/** A least-recently-used cache with a budget in bytes. A value larger than the budget is stored alone. */
export class ByteCache<Value extends object> {
  readonly #values: LRUCache<string, Value>;
  readonly #budget: number;

  /** @param dispose called with each value that leaves the cache */
  constructor(budget: number, dispose: (value: Value) => void = () => {}) {
    this.#budget = budget;
    this.#values = new LRUCache({
      maxSize: budget,
      dispose: (value, _key, reason) => {
        if (reason !== 'delete') dispose(value);
      },
    });
  }

  get bytes(): number {
    return this.#values.calculatedSize;
  }

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  /** Stores a value, and removes the least recently used ones that exceed the budget. */
  set(key: string, value: Value, bytes: number): void {
    // The package does not update the size of a value that is set again.
    if (this.#values.peek(key) === value) this.#values.delete(key);
    // The package rejects values above the budget, and sizes below 1.
    this.#values.set(key, value, { size: Math.min(Math.max(Math.ceil(bytes), 1), this.#budget) });
  }
}
