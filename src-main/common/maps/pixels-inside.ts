import type { AnomalyMap } from './anomaly-map.ts';
import { sampledSize } from './evaluation-step.ts';
import { regionCells } from './inspection-region.ts';
import { insidePositions, type PlacedMap } from './placed-map.ts';
import { resizePlane } from './resize.ts';

/** The scores of an image's sampled pixels, and which of them are inspected. */
export interface ImagePixels {
  /** H x W of the samples. */
  scores: Float32Array;
  /** H x W, 1 inside the inspection region; absent if all pixels are inspected. */
  inside?: Uint8Array;
}

/**
 * Resizes a map to its image for everything that reads scores. Positions outside the inspection region first take the score of the
 * nearest position inside, so that no score from outside is interpolated into a pixel inside.
 *
 * @param placed with at least one position inside
 * @param step of the sampled pixels (`evaluationStep`); every pixel by default
 */
export function pixelsInside(placed: PlacedMap, step = 1): ImagePixels {
  const { region, map, extentWidth, extentHeight } = placed;
  const size = sampledSize(placed, step);
  const extent = { width: extentWidth / step, height: extentHeight / step };
  if (!region) return { scores: resizePlane(map, size, extent) };
  const filled = { ...map, values: spreadInside(map, insidePositions(placed)) };
  const image = {
    width: placed.width,
    height: placed.height,
    extentWidth: size.width * step,
    extentHeight: size.height * step,
  };
  return { scores: resizePlane(filled, size, extent), inside: regionCells(region, image, size) };
}

/**
 * A map's values, with each value outside replaced by the nearest one inside, measured over rows, columns and
 * diagonals. Cost O(H W).
 */
function spreadInside({ values, width, height }: AnomalyMap, inside: Uint8Array): Float32Array {
  const spread = values.slice();
  const reached = inside.slice();
  const queue = new Uint32Array(values.length);
  let queued = 0;
  for (let position = 0; position < inside.length; position++)
    if (inside[position] === 1) queue[queued++] = position;
  for (let at = 0; at < queued; at++) {
    const [y, x] = [Math.floor(queue[at] / width), queue[at] % width];
    for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
      for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
        const neighbor = ny * width + nx;
        if (reached[neighbor] === 1) continue;
        reached[neighbor] = 1;
        spread[neighbor] = spread[queue[at]];
        queue[queued++] = neighbor;
      }
    }
  }
  return spread;
}
