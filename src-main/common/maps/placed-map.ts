import type { AnomalyMap } from './anomaly-map.ts';

/**
 * An anomaly map placed on its image. The H x W positions of the map span `extentWidth` x `extentHeight` pixels from the top left
 * corner of the image. This extent equals the image size, or exceeds it if the extractor padded the image at the right and bottom.
 */
export interface PlacedMap {
  map: AnomalyMap;
  /** Size of the image in pixels. */
  width: number;
  height: number;
  /** Size in pixels of the area that the map spans. */
  extentWidth: number;
  extentHeight: number;
}

/** The number of map rows and columns whose centers are inside the image; at least 1 each. */
export function positionsInside({ map, width, height, extentWidth, extentHeight }: PlacedMap): {
  rows: number;
  columns: number;
} {
  const inside = (image: number, extent: number, positions: number) =>
    Math.max(1, Math.min(positions, Math.round((image / extent) * positions)));
  return { rows: inside(height, extentHeight, map.height), columns: inside(width, extentWidth, map.width) };
}

/** The scores of the positions inside the image, row-major. */
export function scoresInside(placed: PlacedMap): Float32Array {
  const { rows, columns } = positionsInside(placed);
  const { map } = placed;
  const scores = new Float32Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    scores.set(map.values.subarray(y * map.width, y * map.width + columns), y * columns);
  }
  return scores;
}
