import { PerchError } from '../../common/api/errors.ts';
import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import { labelRegions } from '../../common/maps/label-regions.ts';

/** Which regions count: where they are, and how large. */
export interface RegionSearch {
  /** H x W, nonzero inside; defaults to the whole map. */
  mask?: Uint8Array;
  /** Smallest area in map positions, an integer; 1 sets no limit. */
  minArea: number;
  /** Smallest diagonal of the bounding box, in the unit of the sizes below; 0 sets no limit. */
  minLength: number;
  /** Size of a map position, usually in image pixels. */
  pixelsPerColumn: number;
  pixelsPerRow: number;
}

/** An 8-connected region in map positions. */
export interface ScoredRegion {
  area: number;
  /** Its bounding box. */
  left: number;
  top: number;
  columns: number;
  rows: number;
  /** The highest score, and the first position with that score. */
  peak: number;
  peakColumn: number;
  peakRow: number;
  /** Mean column and row. */
  centroidColumn: number;
  centroidRow: number;
}

export interface ImageScore {
  score: number;
  /** The region that reaches the limits at this score; if several do, the one with the highest peak. */
  region: ScoredRegion;
}

/** Number and total area of regions. */
export interface RegionTotals {
  count: number;
  area: number;
}

/**
 * The image score by attribute opening: the highest score t for which the positions at or above t, inside the mask, have an
 * 8-connected region that reaches the limits. Without limits it is the highest score inside the mask.
 *
 * Lower thresholds only enlarge regions. So positions are added from the highest score to the lowest, each
 * merges the regions that it touches, and the result is the first score at which a region reaches the limits.
 * All positions with a score are added before the regions are compared with the limits. Cost O(n log n) for n
 * positions.
 *
 * @returns null if no region can reach the limits
 * @throws PerchError `INVALID_ARGUMENT` if a score is NaN, inside the mask or not
 */
export function imageScore(map: AnomalyMap, search: RegionSearch): ImageScore | null {
  requireScores(map);
  const { values } = map;
  const positions = Uint32Array.from(values.keys()).filter((at) => isInside(search, at));
  positions.sort((a, b) => Number(values[b] > values[a]) - Number(values[b] < values[a]) || a - b);
  const regionAt = new Map<number, number[]>();
  for (let begin = 0, end = 0; begin < positions.length; begin = end) {
    const score = values[positions[begin]];
    while (end < positions.length && values[positions[end]] === score) {
      addPosition(regionAt, map, positions[end++]);
    }
    const touched = new Set(Array.from(positions.subarray(begin, end), (at) => regionAt.get(at) ?? []));
    const [region] = [...touched]
      .filter(({ length }) => length >= search.minArea)
      .map((members) => describe(map, members))
      .filter((candidate) => reaches(candidate, search))
      .sort((a, b) => higherPeakFirst(a, b, map.width));
    if (region) return { score: unsigned(score), region };
  }
  return null;
}

/**
 * Number and total area of the 8-connected regions of the positions at or above a threshold, inside the mask, that reach the
 * limits. Cost O(H W).
 *
 * @throws PerchError `INVALID_ARGUMENT` if a score is NaN, inside the mask or not
 */
export function measureRegions(map: AnomalyMap, threshold: number, search: RegionSearch): RegionTotals {
  requireScores(map);
  const above = Uint8Array.from(map.values, (score, at) =>
    Number(score >= threshold && isInside(search, at)),
  );
  const { labels, count } = labelRegions(above, map.width, map.height);
  const members = Array.from({ length: count }, (): number[] => []);
  for (const [at, label] of labels.entries()) if (label > 0) members[label - 1].push(at);
  const regions = members
    .map((positions) => describe(map, positions))
    .filter((region) => reaches(region, search));
  return { count: regions.length, area: regions.reduce((sum, { area }) => sum + area, 0) };
}

function isInside({ mask }: RegionSearch, at: number): boolean {
  return mask === undefined || mask[at] !== 0;
}

/** Adds a position to the regions, identified by their positions, and merges those that it touches. */
function addPosition(regionAt: Map<number, number[]>, { width, height }: AnomalyMap, position: number): void {
  let region = [position];
  regionAt.set(position, region);
  const [row, column] = [Math.floor(position / width), position % width];
  for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
      const neighbor = regionAt.get(y * width + x);
      if (neighbor === undefined || neighbor === region) continue;
      const [smaller, larger] = neighbor.length < region.length ? [neighbor, region] : [region, neighbor];
      for (const member of smaller) {
        larger.push(member);
        regionAt.set(member, larger);
      }
      region = larger;
    }
  }
}

function describe({ values, width }: AnomalyMap, positions: readonly number[]): ScoredRegion {
  let [left, top, right, bottom] = [Infinity, Infinity, 0, 0];
  let [columns, rows, peakAt] = [0, 0, positions[0]];
  for (const at of positions) {
    const [row, column] = [Math.floor(at / width), at % width];
    [left, right] = [Math.min(left, column), Math.max(right, column)];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
    columns += column;
    rows += row;
    if (values[at] > values[peakAt] || (values[at] === values[peakAt] && at < peakAt)) peakAt = at;
  }
  return {
    area: positions.length,
    left,
    top,
    columns: right - left + 1,
    rows: bottom - top + 1,
    peak: unsigned(values[peakAt]),
    peakColumn: peakAt % width,
    peakRow: Math.floor(peakAt / width),
    centroidColumn: columns / positions.length,
    centroidRow: rows / positions.length,
  };
}

function reaches({ area, columns, rows }: ScoredRegion, search: RegionSearch): boolean {
  const [across, down] = [columns * search.pixelsPerColumn, rows * search.pixelsPerRow];
  return area >= search.minArea && across * across + down * down >= search.minLength * search.minLength;
}

function higherPeakFirst(a: ScoredRegion, b: ScoredRegion, width: number): number {
  const position = ({ peakRow, peakColumn }: ScoredRegion) => peakRow * width + peakColumn;
  return Number(b.peak > a.peak) - Number(b.peak < a.peak) || position(a) - position(b);
}

/** Converts -0 to 0. */
function unsigned(score: number): number {
  return score + 0;
}

function requireScores({ values }: AnomalyMap): void {
  const invalid = values.findIndex(Number.isNaN);
  if (invalid < 0) return;
  throw new PerchError(
    'INVALID_ARGUMENT',
    `The score of position ${invalid} is NaN. Scores must be numbers.`,
  );
}
