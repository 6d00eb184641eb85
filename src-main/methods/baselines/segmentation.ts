import { gaussianBlur, type Planes } from '../../common/maps/gaussian-blur.ts';

export interface Segmentation {
  /** The region of each pixel, H x W, from 0 to `count` - 1 in the order of the first pixels. */
  labels: Int32Array;
  count: number;
}

/**
 * Efficient graph-based segmentation (Felzenszwalb and Huttenlocher 2004). Merges regions along the edges of the 8-connected
 * grid in ascending order of difference, while the difference is at most the internal difference of both regions plus `scale` /
 * size. Then merges regions of fewer than `minSize` pixels with their most similar neighbor. Ties are resolved in the order of
 * the edges. Cost O(H W), 60 bytes per pixel.
 *
 * @param planes 3 x H x W; the difference of two pixels is Euclidean
 * @param sigma standard deviation of the initial smoothing, in pixels
 */
export function segment(
  planes: Planes,
  { sigma, scale, minSize }: { sigma: number; scale: number; minSize: number },
): Segmentation {
  const smooth = {
    ...planes,
    values: gaussianBlur(planes, { radius: Math.ceil(4 * sigma), sigma, border: 'repeat' }),
  };
  const { from, to, differences } = gridEdges(smooth);
  const order = ascending(differences);
  const regions = new Regions(planes.height * planes.width, scale);
  for (const edge of order) regions.mergeIfSimilar(from[edge], to[edge], differences[edge]);
  for (const edge of order) regions.mergeIfSmall(from[edge], to[edge], minSize);
  return regions.label();
}

/** A union-find structure over pixels with the state that decides whether two regions merge. */
class Regions {
  readonly #parent: Int32Array;
  readonly #size: Int32Array;
  /** Largest difference at which the region still merges. */
  readonly #limit: Float64Array;
  readonly #scale: number;

  constructor(pixels: number, scale: number) {
    this.#parent = Int32Array.from({ length: pixels }, (_, pixel) => pixel);
    this.#size = new Int32Array(pixels).fill(1);
    this.#limit = new Float64Array(pixels).fill(scale);
    this.#scale = scale;
  }

  mergeIfSimilar(from: number, to: number, difference: number): void {
    const a = this.#rootOf(from);
    const b = this.#rootOf(to);
    if (a === b || difference > this.#limit[a] || difference > this.#limit[b]) return;
    const root = this.#merge(a, b);
    this.#limit[root] = difference + this.#scale / this.#size[root];
  }

  mergeIfSmall(from: number, to: number, minSize: number): void {
    const a = this.#rootOf(from);
    const b = this.#rootOf(to);
    if (a !== b && (this.#size[a] < minSize || this.#size[b] < minSize)) this.#merge(a, b);
  }

  label(): Segmentation {
    const labelOfRoot = new Map<number, number>();
    const labels = this.#parent.map((_, pixel) => {
      const root = this.#rootOf(pixel);
      const label = labelOfRoot.get(root) ?? labelOfRoot.size;
      labelOfRoot.set(root, label);
      return label;
    });
    return { labels, count: labelOfRoot.size };
  }

  #merge(a: number, b: number): number {
    const [root, child] = this.#size[a] >= this.#size[b] ? [a, b] : [b, a];
    this.#parent[child] = root;
    this.#size[root] += this.#size[child];
    return root;
  }

  #rootOf(pixel: number): number {
    const parent = this.#parent;
    while (parent[pixel] !== pixel) {
      parent[pixel] = parent[parent[pixel]];
      pixel = parent[pixel];
    }
    return pixel;
  }
}

/** Right, down and the two diagonals: every edge of the grid once. */
const STEPS = [
  { dy: 0, dx: 1 },
  { dy: 1, dx: 0 },
  { dy: 1, dx: 1 },
  { dy: -1, dx: 1 },
] as const;

/** The edges of the 8-connected grid with the Euclidean difference of their pixels. */
function gridEdges({ values, height, width }: Planes) {
  const count = height * width;
  const from = new Int32Array(STEPS.length * count);
  const to = new Int32Array(STEPS.length * count);
  const differences = new Float32Array(STEPS.length * count);
  let edges = 0;
  for (let a = 0; a < count; a++) {
    const y = Math.floor(a / width);
    const x = a % width;
    for (const { dy, dx } of STEPS) {
      if (y + dy < 0 || y + dy >= height || x + dx >= width) continue;
      const b = a + dy * width + dx;
      let sum = 0;
      for (let plane = 0; plane < values.length; plane += count) {
        sum += (values[plane + a] - values[plane + b]) ** 2;
      }
      from[edges] = a;
      to[edges] = b;
      differences[edges++] = Math.sqrt(sum);
    }
  }
  return { from, to, differences: differences.subarray(0, edges) };
}

/** The indices of nonnegative values in ascending order of value, by a stable radix sort. */
function ascending(values: Float32Array): Uint32Array {
  // Nonnegative floats sort like their bit patterns.
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let order = Uint32Array.from(bits, (_, index) => index);
  for (const shift of [0, 16]) {
    const starts = new Uint32Array(65537);
    for (const key of bits) starts[((key >>> shift) & 0xffff) + 1]++;
    for (let digit = 1; digit < starts.length; digit++) starts[digit] += starts[digit - 1];
    const next = new Uint32Array(order.length);
    for (const index of order) next[starts[(bits[index] >>> shift) & 0xffff]++] = index;
    order = next;
  }
  return order;
}
