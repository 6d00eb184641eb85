import type { AnomalyMap } from './anomaly-map.ts';

/**
 * An anomaly map laid over its image. The map's H x W positions cover `extentWidth` x `extentHeight` pixels from the
 * top left corner; that is the image itself or, where an extractor pads right and bottom, somewhat more.
 */
export interface CoveredImage {
  map: AnomalyMap;
  /** Size of the image in pixels. */
  width: number;
  height: number;
  extentWidth: number;
  extentHeight: number;
}

/** How many map positions per axis have their centre inside the image. */
export function positionsInside({ map, width, height, extentWidth, extentHeight }: CoveredImage): {
  rows: number;
  columns: number;
} {
  const inside = (image: number, cover: number, positions: number) =>
    Math.max(1, Math.min(positions, Math.round((image / cover) * positions)));
  return { rows: inside(height, extentHeight, map.height), columns: inside(width, extentWidth, map.width) };
}

/** The scores whose positions lie inside the image, row by row. */
export function scoresInside(covered: CoveredImage): Float32Array {
  const { rows, columns } = positionsInside(covered);
  const { map } = covered;
  const scores = new Float32Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    scores.set(map.values.subarray(y * map.width, y * map.width + columns), y * columns);
  }
  return scores;
}
