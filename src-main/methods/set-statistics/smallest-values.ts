/** Keeps the smallest values that are added at each of several positions, in a binary heap whose root is the largest kept one. */
export class SmallestValues {
  readonly #heaps: Float32Array;
  readonly #counts: Uint32Array;
  readonly #kept: number;

  /** @param kept number of values to keep per position, at least 1 */
  constructor(positions: number, kept: number) {
    this.#kept = kept;
    this.#heaps = new Float32Array(positions * kept);
    this.#counts = new Uint32Array(positions);
  }

  add(position: number, value: number): void {
    const root = position * this.#kept;
    const heap = this.#heaps;
    if (this.#counts[position] < this.#kept) this.#insert(root, this.#counts[position]++, value);
    else if (value < heap[root]) this.#replaceRoot(root, value);
  }

  /** The mean of the kept values. @returns NaN if there are none */
  mean(position: number): number {
    const start = position * this.#kept;
    const count = this.#counts[position];
    let sum = 0;
    for (let i = start; i < start + count; i++) sum += this.#heaps[i];
    return sum / count;
  }

  #insert(root: number, end: number, value: number): void {
    const heap = this.#heaps;
    let at = end;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[root + parent] >= value) break;
      heap[root + at] = heap[root + parent];
      at = parent;
    }
    heap[root + at] = value;
  }

  #replaceRoot(root: number, value: number): void {
    const heap = this.#heaps;
    let at = 0;
    for (let child = 1; child < this.#kept; child = 2 * at + 1) {
      if (child + 1 < this.#kept && heap[root + child + 1] > heap[root + child]) child++;
      if (heap[root + child] <= value) break;
      heap[root + at] = heap[root + child];
      at = child;
    }
    heap[root + at] = value;
  }
}
