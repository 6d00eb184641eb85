import { labelRegions } from './label-regions.ts';

/** A closed line: x and y of each corner in turn, in pixels; pixel (0, 0) spans 0..1. */
export type Ring = number[];

/** A connected region of a mask. */
export interface MaskRegion {
  /** Pixels. */
  area: number;
  box: { left: number; top: number; width: number; height: number };
  centroid: { x: number; y: number };
  /** Outlines along the edges of pixels: one for each part that touches the others at corners alone. */
  outlines: Ring[];
  /** Outlines of the holes. */
  holes: Ring[];
  /** The largest score in it and its pixel, where scores were given. */
  peak?: { score: number; x: number; y: number };
}

/**
 * The 8-connected regions of a mask with their outlines, in the order of their first pixels. `fillRings` of a region's outlines and
 * holes gives its pixels again.
 *
 * @param mask H x W, 1 inside
 * @param scores H x W; with them each region has a peak
 */
export function maskRegions(
  mask: Uint8Array,
  width: number,
  height: number,
  scores?: Float32Array,
): MaskRegion[] {
  const { labels, count } = labelRegions(mask, width, height);
  const sums = Array.from({ length: count }, () => ({
    ...{ area: 0, x: 0, y: 0, left: width, top: height, right: 0, bottom: 0 },
    peak: { score: -Infinity, x: 0, y: 0 },
  }));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const label = labels[y * width + x];
      if (label === 0) continue;
      const sum = sums[label - 1];
      sum.area++;
      const score = scores?.[y * width + x] ?? -Infinity;
      if (score > sum.peak.score) sum.peak = { score, x, y };
      sum.x += x + 0.5;
      sum.y += y + 0.5;
      if (x < sum.left) sum.left = x;
      if (y < sum.top) sum.top = y;
      if (x >= sum.right) sum.right = x + 1;
      if (y >= sum.bottom) sum.bottom = y + 1;
    }
  }
  const rings = ringsByLabel(labels, width, height);
  return sums.map(({ area, x, y, left, top, right, bottom, peak }, at) => {
    const own = rings.get(at + 1) ?? [];
    return {
      area,
      box: { left, top, width: right - left, height: bottom - top },
      centroid: { x: x / area, y: y / area },
      // A region lies to the right of its lines: outlines go clockwise, where y points down, and have a positive area.
      outlines: own.filter((ring) => signedArea(ring) > 0),
      holes: own.filter((ring) => signedArea(ring) < 0),
      ...(scores ? { peak } : {}),
    };
  });
}

/** Directions along the edges of pixels: right, down, left, up. */
const STEPS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
];

/** Follows the edges between pixels of a region and others, the region on the right. At a corner where two parts touch it turns right. */
function ringsByLabel(labels: Int32Array, width: number, height: number): Map<number, Ring[]> {
  const labelAt = (x: number, y: number) =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : labels[y * width + x];
  // The pixel to the right and to the left of an edge that starts at corner (x, y).
  const right = [
    [0, 0],
    [-1, 0],
    [-1, -1],
    [0, -1],
  ];
  const left = [
    [0, -1],
    [0, 0],
    [-1, 0],
    [-1, -1],
  ];
  const isEdge = (x: number, y: number, way: number, label: number) =>
    labelAt(x + right[way][0], y + right[way][1]) === label &&
    labelAt(x + left[way][0], y + left[way][1]) !== label;
  const seen = new Uint8Array(labels.length);
  const found = new Map<number, Ring[]>();
  for (let start = 0; start < labels.length; start++) {
    const label = labels[start];
    const [startX, startY] = [start % width, Math.floor(start / width)];
    // Every ring has an edge along the top of a pixel.
    if (label === 0 || seen[start] === 1 || labelAt(startX, startY - 1) === label) continue;
    const ring: Ring = [];
    let [x, y, way] = [startX, startY, 0];
    do {
      if (way === 0) seen[y * width + x] = 1;
      const [dx, dy] = STEPS[way];
      [x, y] = [x + dx, y + dy];
      const turns = [(way + 1) % 4, way, (way + 3) % 4];
      const next = turns.find((turn) => isEdge(x, y, turn, label)) ?? way;
      if (next !== way) ring.push(x, y);
      way = next;
    } while (x !== startX || y !== startY || way !== 0);
    const rings = found.get(label) ?? [];
    rings.push(ring);
    found.set(label, rings);
  }
  return found;
}

function signedArea(ring: Ring): number {
  let twice = 0;
  for (let i = 0; i < ring.length; i += 2) {
    const [nextX, nextY] = [ring[(i + 2) % ring.length], ring[(i + 3) % ring.length]];
    twice += ring[i] * nextY - nextX * ring[i + 1];
  }
  return twice / 2;
}

/** Sets the pixels to `value` whose centres lie in one of the rings by the even-odd rule. Parts beyond the mask are cut. */
export function fillRings(
  mask: Uint8Array,
  width: number,
  height: number,
  rings: readonly (readonly number[])[],
  value: 0 | 1 = 1,
): void {
  for (let y = 0; y < height; y++) {
    const crossings: number[] = [];
    for (const ring of rings) {
      for (let i = 0; i < ring.length; i += 2) {
        const [x1, y1] = [ring[i], ring[i + 1]];
        const [x2, y2] = [ring[(i + 2) % ring.length], ring[(i + 3) % ring.length]];
        const middle = y + 0.5;
        if (y1 <= middle === y2 <= middle) continue;
        crossings.push(x1 + ((middle - y1) * (x2 - x1)) / (y2 - y1));
      }
    }
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.ceil(crossings[i] - 0.5));
      const to = Math.min(width, Math.ceil(crossings[i + 1] - 0.5));
      if (to > from) mask.fill(value, y * width + from, y * width + to);
    }
  }
}

/** A closed line as points. */
export function pointsOf(ring: readonly number[]): [x: number, y: number][] {
  return Array.from({ length: ring.length / 2 }, (_, at) => [ring[2 * at], ring[2 * at + 1]]);
}
