import type { AnomalyMap } from './anomaly-map.ts';
import { regionMask } from './inspection-region.ts';
import { insidePositions, type PlacedMap } from './placed-map.ts';
import { resizeToImage } from './resize.ts';

/** The scores of an image's pixels, and which of them are inspected. */
export interface ImagePixels {
  /** H x W of the image. */
  scores: Float32Array;
  /** H x W, 1 inside the inspection region; absent if all pixels are inspected. */
  inside?: Uint8Array;
}

/**
 * Resizes a map to its image for everything that reads scores. Positions outside the inspection region first take the score of the
 * nearest position inside, so that no score from outside is interpolated into a pixel inside.
 *
 * @param placed with at least one position inside
 */
export function pixelsInside(placed: PlacedMap): ImagePixels {
  const { region, map } = placed;
  if (!region) return { scores: resizeToImage(placed).values };
  const inside = insidePositions(placed);
  const filled = { ...placed, map: { ...map, values: spreadInside(map, inside) } };
  return { scores: resizeToImage(filled).values, inside: regionMask(region, placed) };
}

/**
 * A map's values, with each value outside replaced by the nearest one inside, measured over rows, columns and
 * diagonals. Cost O(H W).
 */
function spreadInside({ values, width, height }: AnomalyMap, inside: Uint8Array): Float32Array {
  const spread = values.slice();
  const reached = inside.slice();
  const queue = Array.from(inside.keys()).filter((position) => inside[position] === 1);
  for (let at = 0; at < queue.length; at++) {
    const [y, x] = [Math.floor(queue[at] / width), queue[at] % width];
    for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
      for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
        const neighbor = ny * width + nx;
        if (reached[neighbor] === 1) continue;
        reached[neighbor] = 1;
        spread[neighbor] = spread[queue[at]];
        queue.push(neighbor);
      }
    }
  }
  return spread;
}
