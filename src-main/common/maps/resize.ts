import type { Size } from '../geometry.ts';
import type { AnomalyMap } from './anomaly-map.ts';
import type { PlacedMap } from './placed-map.ts';

/** For each output coordinate, the two source positions and the weight of the second. */
interface Taps {
  low: Int32Array;
  high: Int32Array;
  weight: Float32Array;
}

/**
 * Resizes a plane: bilinear, half-pixel centers, clamped edges, no antialiasing (docs/method.md, sections 1 and 4).
 *
 * @param source H x W values
 * @param target size of the result
 * @param extent size in target pixels of the area that the source spans from the top left; if it exceeds the target, only the top
 *   left part of the source is used
 * @returns H x W values; the values of the source itself if the size does not change
 */
export function resizePlane(source: AnomalyMap, target: Size, extent: Size = target): Float32Array {
  if ([target, extent].every(({ width, height }) => width === source.width && height === source.height))
    return source.values;
  const xs = taps(target.width, extent.width, source.width);
  const ys = taps(target.height, extent.height, source.height);
  const values = new Float32Array(target.width * target.height);
  const row = new Float32Array(source.width);
  for (let y = 0; y < target.height; y++) {
    blend(row, source.values, ys.low[y] * source.width, ys.high[y] * source.width, ys.weight[y]);
    for (let x = 0; x < target.width; x++) {
      const left = row[xs.low[x]];
      values[y * target.width + x] = left + (row[xs.high[x]] - left) * xs.weight[x];
    }
  }
  return values;
}

/** Resizes a map to its image: scores, `height` x `width`. */
export function resizeToImage(placed: PlacedMap): AnomalyMap {
  const { map, width, height, extentWidth, extentHeight } = placed;
  const values = resizePlane(map, { height, width }, { height: extentHeight, width: extentWidth });
  return { values, height, width };
}

/** The score at a pixel, as `resizeToImage` computes it. */
export function scoreAt(placed: PlacedMap, x: number, y: number): number {
  const { map } = placed;
  const [x0, x1, wx] = tap(x, placed.extentWidth, map.width);
  const [y0, y1, wy] = tap(y, placed.extentHeight, map.height);
  const value = (row: number, column: number) => map.values[row * map.width + column];
  const top = value(y0, x0) + (value(y0, x1) - value(y0, x0)) * wx;
  const bottom = value(y1, x0) + (value(y1, x1) - value(y1, x0)) * wx;
  return top + (bottom - top) * wy;
}

function blend(row: Float32Array, values: Float32Array, low: number, high: number, weight: number): void {
  for (let x = 0; x < row.length; x++) {
    const upper = values[low + x];
    row[x] = upper + (values[high + x] - upper) * weight;
  }
}

function taps(pixels: number, extent: number, positions: number): Taps {
  const low = new Int32Array(pixels);
  const high = new Int32Array(pixels);
  const weight = new Float32Array(pixels);
  for (let i = 0; i < pixels; i++) [low[i], high[i], weight[i]] = tap(i, extent, positions);
  return { low, high, weight };
}

function tap(pixel: number, extent: number, positions: number): [low: number, high: number, weight: number] {
  const position = ((pixel + 0.5) * positions) / extent - 0.5;
  const clamped = Math.min(Math.max(position, 0), positions - 1);
  const low = Math.floor(clamped);
  return [low, Math.min(low + 1, positions - 1), clamped - low];
}
