import type { Size } from '../geometry.ts';
import type { InspectionRegion } from '../api/regions.ts';
import type { Direction } from '../scale.ts';
import type { AnomalyMap } from './anomaly-map.ts';
import { regionCells } from './inspection-region.ts';

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
  /** The part of the image that is inspected; the whole image if absent. */
  region?: InspectionRegion | null | undefined;
  /** Direction of a roll's length; `down` if absent. */
  direction?: Direction | undefined;
}

/** The number of map rows and columns whose centers are inside the image; at least 1 each. */
export function positionsInside({
  map,
  width,
  height,
  extentWidth,
  extentHeight,
}: Omit<PlacedMap, 'map'> & { map: Size }): { rows: number; columns: number } {
  const inside = (image: number, extent: number, positions: number) =>
    Math.max(1, Math.min(positions, Math.round((image / extent) * positions)));
  return { rows: inside(height, extentHeight, map.height), columns: inside(width, extentWidth, map.width) };
}

/**
 * The positions whose centers are inside the image and its inspection region.
 *
 * @returns map.height x map.width, 1 inside
 */
export function insidePositions(placed: PlacedMap): Uint8Array {
  const { map, region } = placed;
  const { rows, columns } = positionsInside(placed);
  const inside = region ? regionCells(region, placed, map) : new Uint8Array(map.height * map.width).fill(1);
  for (let y = 0; y < map.height; y++) {
    const firstOutside = y < rows ? columns : 0;
    inside.fill(0, y * map.width + firstOutside, (y + 1) * map.width);
  }
  return inside;
}

/**
 * The positions that count in image scores: those inside, without `edgeMargin` positions at each side of the
 * image.
 *
 * @returns map.height x map.width, 1 inside
 */
export function scoredPositions(placed: PlacedMap, edgeMargin: number): Uint8Array {
  const { width } = placed.map;
  const { rows, columns } = positionsInside(placed);
  const scored = insidePositions(placed);
  for (let y = 0; y < rows; y++) {
    const isEdge = y < edgeMargin || y >= rows - edgeMargin;
    scored.fill(0, y * width, y * width + (isEdge ? columns : Math.min(edgeMargin, columns)));
    scored.fill(0, y * width + Math.max(0, columns - edgeMargin), y * width + columns);
  }
  return scored;
}

/** The scores of the positions inside the image and its inspection region, row-major. Not a copy if these are all. */
export function scoresInside(placed: PlacedMap): Float32Array {
  const { map, region } = placed;
  const { rows, columns } = positionsInside(placed);
  if (!region && columns === map.width) return map.values.subarray(0, rows * columns);
  const inside = insidePositions(placed);
  let count = 0;
  for (const is of inside) count += is;
  const scores = new Float32Array(count);
  for (let position = 0, at = 0; position < inside.length; position++)
    if (inside[position] === 1) scores[at++] = map.values[position];
  return scores;
}
