import { blurred, type Planes } from '../blur.ts';

export interface Segmentation {
  /** The region of each pixel, H x W, 0 to `count` - 1 in the order of their first pixels. */
  labels: Int32Array;
  count: number;
}

/**
 * Efficient graph-based segmentation (Felzenszwalb & Huttenlocher 2004): pixels are joined along the edges of the 8-connected
 * grid, by increasing difference, while the difference is no larger than the inner differences of both sides plus
 * `scale` / size; then regions of fewer than `minSize` pixels are joined with their nearest neighbour.
 *
 * @param planes three planes, 3 x H x W; the difference of two pixels is Euclidean
 * @param sigma smoothing before, in pixels
 *
 * Cost O(H W), 60 bytes a pixel. Equal differences are taken in the order of the edges.
 */
export function segment(
  planes: Planes,
  { sigma, scale, minSize }: { sigma: number; scale: number; minSize: number },
): Segmentation {
  const smooth = { ...planes, values: blurred(planes, sigma) };
  const { from, to, differences } = gridEdges(smooth);
  const order = ascending(differences);
  const regions = new Regions(planes.height * planes.width, scale);
  for (const edge of order) regions.joinIfAlike(from[edge], to[edge], differences[edge]);
  for (const edge of order) regions.joinIfSmall(from[edge], to[edge], minSize);
  return regions.labelled();
}

/** Disjoint sets of pixels with what decides whether two of them are joined. */
class Regions {
  readonly #parent: Int32Array;
  readonly #size: Int32Array;
  /** Largest difference at which the region still joins. */
  readonly #limit: Float64Array;
  readonly #scale: number;

  constructor(pixels: number, scale: number) {
    this.#parent = Int32Array.from({ length: pixels }, (_, pixel) => pixel);
    this.#size = new Int32Array(pixels).fill(1);
    this.#limit = new Float64Array(pixels).fill(scale);
    this.#scale = scale;
  }

  joinIfAlike(from: number, to: number, difference: number): void {
    const a = this.#rootOf(from);
    const b = this.#rootOf(to);
    if (a === b || difference > this.#limit[a] || difference > this.#limit[b]) return;
    const root = this.#join(a, b);
    this.#limit[root] = difference + this.#scale / this.#size[root];
  }

  joinIfSmall(from: number, to: number, minSize: number): void {
    const a = this.#rootOf(from);
    const b = this.#rootOf(to);
    if (a !== b && (this.#size[a] < minSize || this.#size[b] < minSize)) this.#join(a, b);
  }

  labelled(): Segmentation {
    const labelOfRoot = new Map<number, number>();
    const labels = this.#parent.map((_, pixel) => {
      const root = this.#rootOf(pixel);
      const label = labelOfRoot.get(root) ?? labelOfRoot.size;
      labelOfRoot.set(root, label);
      return label;
    });
    return { labels, count: labelOfRoot.size };
  }

  #join(a: number, b: number): number {
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

/** Right, down, and the two diagonals: each edge of the grid once. */
const STEPS = [
  { dy: 0, dx: 1 },
  { dy: 1, dx: 0 },
  { dy: 1, dx: 1 },
  { dy: -1, dx: 1 },
] as const;

/** The edges of the 8-connected grid with the Euclidean difference of their two pixels. */
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

/** Indices in ascending order of values that are not negative, equal ones in their order: radix sort, for it is stable. */
function ascending(values: Float32Array): Uint32Array {
  // Floats that are not negative are ordered as their bits are.
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let order = Uint32Array.from(bits, (_, at) => at);
  for (const shift of [0, 16]) {
    const starts = new Uint32Array(65537);
    for (const key of bits) starts[((key >>> shift) & 0xffff) + 1]++;
    for (let digit = 1; digit < starts.length; digit++) starts[digit] += starts[digit - 1];
    const next = new Uint32Array(order.length);
    for (const at of order) next[starts[(bits[at] >>> shift) & 0xffff]++] = at;
    order = next;
  }
  return order;
}
