import { labelRegions } from './label-regions.ts';

/** A closed polygon: alternating x and y of its vertices, in pixels; pixel (0, 0) spans 0..1. */
export type Ring = number[];

/** A connected region of a mask. */
export interface MaskRegion {
  /** Number of pixels. */
  area: number;
  box: { left: number; top: number; width: number; height: number };
  centroid: { x: number; y: number };
  /** Outlines along pixel edges. A region has several if parts of it touch only at corners. */
  outlines: Ring[];
  /** Outlines of the holes. */
  holes: Ring[];
  /** The highest score and its pixel; only with scores. */
  peak?: { score: number; x: number; y: number };
}

/**
 * The 8-connected regions of a mask with their outlines, in the order of their first pixels. `fillRings` with the outlines and
 * holes of a region restores its pixels.
 *
 * @param mask H x W, nonzero inside
 * @param scores H x W; adds a peak to each region
 */
export function maskRegions(
  mask: Uint8Array,
  width: number,
  height: number,
  scores?: Float32Array,
): MaskRegion[] {
  const { labels, count } = labelRegions(mask, width, height);
  const sums = Array.from({ length: count }, () => ({
    area: 0,
    x: 0,
    y: 0,
    left: width,
    top: height,
    right: 0,
    bottom: 0,
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
  return sums.map(({ area, x, y, left, top, right, bottom, peak }, index) => {
    const ofRegion = rings.get(index + 1) ?? [];
    return {
      area,
      box: { left, top, width: right - left, height: bottom - top },
      centroid: { x: x / area, y: y / area },
      // A region is on the right of its rings, so outlines are clockwise (y points down) and have a positive area.
      outlines: ofRegion.filter((ring) => signedArea(ring) > 0),
      holes: ofRegion.filter((ring) => signedArea(ring) < 0),
      ...(scores ? { peak } : {}),
    };
  });
}

/** Directions along pixel edges: right, down, left, up. */
const STEPS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
];

/** Traces the border of each region with the region on the right. Turns right at a corner where two parts touch. */
function ringsByLabel(labels: Int32Array, width: number, height: number): Map<number, Ring[]> {
  const labelAt = (x: number, y: number) =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : labels[y * width + x];
  // Offsets of the pixels on the right and left of an edge that starts at corner (x, y), by direction.
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
  const isEdge = (x: number, y: number, direction: number, label: number) =>
    labelAt(x + right[direction][0], y + right[direction][1]) === label &&
    labelAt(x + left[direction][0], y + left[direction][1]) !== label;
  const seen = new Uint8Array(labels.length);
  const found = new Map<number, Ring[]>();
  for (let start = 0; start < labels.length; start++) {
    const label = labels[start];
    if (label === 0 || seen[start] === 1) continue;
    const [startX, startY] = [start % width, Math.floor(start / width)];
    // Every ring contains the top edge of a pixel.
    if (labelAt(startX, startY - 1) === label) continue;
    const ring: Ring = [];
    let [x, y, direction] = [startX, startY, 0];
    do {
      if (direction === 0) seen[y * width + x] = 1;
      const [dx, dy] = STEPS[direction];
      [x, y] = [x + dx, y + dy];
      const turns = [(direction + 1) % 4, direction, (direction + 3) % 4];
      const next = turns.find((turn) => isEdge(x, y, turn, label)) ?? direction;
      if (next !== direction) ring.push(x, y);
      direction = next;
    } while (x !== startX || y !== startY || direction !== 0);
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

/** Sets the pixels whose centers are inside the rings (even-odd rule) to `value`. Clips rings to the mask. */
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

/** The vertices of a ring as points. */
export function pointsOf(ring: readonly number[]): [x: number, y: number][] {
  return Array.from({ length: ring.length / 2 }, (_, i) => [ring[2 * i], ring[2 * i + 1]]);
}
