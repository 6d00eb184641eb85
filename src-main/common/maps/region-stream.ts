/** An 8-connected region of map positions. Coordinates are columns and rows. */
export interface PositionRegion {
  positions: number;
  sumX: number;
  sumY: number;
  /** The highest score, and the first position that has it in row-major order. */
  peak: number;
  peakX: number;
  peakY: number;
  /** The bounding box, both ends included. */
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** The region's first position in row-major order. */
  first: number;
}

/**
 * Finds the 8-connected regions of a map whose rows arrive one after the other, from the top. Memory
 * O(columns + regions), whatever the number of rows. `labelRegions` and `regionsAbove` define the result.
 */
export class RegionStream {
  readonly #columns: number;
  readonly #finished: PositionRegion[] = [];
  /** Regions that touch the last row, and the index of each position's region in them; -1 outside. */
  #open: PositionRegion[] = [];
  #labels: Int32Array;
  #rows = 0;

  constructor(columns: number) {
    this.#columns = columns;
    this.#labels = new Int32Array(columns).fill(-1);
  }

  /**
   * Adds the next row.
   *
   * @param scores of the row's positions
   * @param marked 1 where the position belongs to a region, 0 elsewhere
   */
  add(scores: Float32Array, marked: Uint8Array): void {
    const columns = this.#columns;
    const y = this.#rows++;
    const above = this.#labels;
    const regions = this.#open;
    const parents = regions.map((_, index) => index);
    const root = (index: number) => {
      while (parents[index] !== index) index = parents[index] = parents[parents[index]];
      return index;
    };
    const labels = new Int32Array(columns).fill(-1);
    for (let start = marked.indexOf(1); start !== -1 && start < columns;) {
      let end = start;
      while (end < columns && marked[end] !== 0) end++;
      const index = regions.push(regionOf(scores, start, end, y, columns)) - 1;
      parents.push(index);
      for (let x = Math.max(0, start - 1); x < Math.min(columns, end + 1); x++)
        if (above[x] !== -1) parents[root(above[x])] = root(index);
      labels.fill(index, start, end);
      start = marked.indexOf(1, end);
    }
    for (const index of parents.keys())
      if (root(index) !== index) merge(regions[root(index)], regions[index]);
    this.#keepOpen(labels, root);
  }

  /** The regions in the order of their first positions, after the last row. */
  finish(): PositionRegion[] {
    return [...this.#finished, ...this.#open].sort((a, b) => a.first - b.first);
  }

  /** Moves the regions that do not touch the row to the finished ones, and renumbers the others. */
  #keepOpen(labels: Int32Array, root: (index: number) => number): void {
    const regions = this.#open;
    const numbers = new Map<number, number>();
    for (let x = 0; x < labels.length; x++) {
      if (labels[x] === -1) continue;
      const index = root(labels[x]);
      const number = numbers.get(index) ?? numbers.size;
      numbers.set(index, number);
      labels[x] = number;
    }
    for (const [index, region] of regions.entries())
      if (root(index) === index && !numbers.has(index)) this.#finished.push(region);
    this.#open = [...numbers.keys()].map((index) => regions[index]);
    this.#labels = labels;
  }
}

/** The region of a single run of positions. */
function regionOf(
  scores: Float32Array,
  start: number,
  end: number,
  y: number,
  columns: number,
): PositionRegion {
  let peakX = start;
  for (let x = start + 1; x < end; x++) if (scores[x] > scores[peakX]) peakX = x;
  const positions = end - start;
  return {
    positions,
    sumX: (positions * (start + end - 1)) / 2,
    sumY: positions * y,
    peak: scores[peakX],
    peakX,
    peakY: y,
    left: start,
    right: end - 1,
    top: y,
    bottom: y,
    first: y * columns + start,
  };
}

function merge(into: PositionRegion, other: PositionRegion): void {
  into.positions += other.positions;
  into.sumX += other.sumX;
  into.sumY += other.sumY;
  const isEarlier = other.peakY < into.peakY || (other.peakY === into.peakY && other.peakX < into.peakX);
  if (other.peak > into.peak || (other.peak === into.peak && isEarlier)) {
    into.peak = other.peak;
    into.peakX = other.peakX;
    into.peakY = other.peakY;
  }
  into.left = Math.min(into.left, other.left);
  into.right = Math.max(into.right, other.right);
  into.top = Math.min(into.top, other.top);
  into.bottom = Math.max(into.bottom, other.bottom);
  into.first = Math.min(into.first, other.first);
}
