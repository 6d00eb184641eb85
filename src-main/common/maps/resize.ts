import type { AnomalyMap } from './anomaly-map.ts';
import type { PlacedMap } from './placed-map.ts';

interface Size {
  height: number;
  width: number;
}

/** For each output coordinate the two source positions and the weight of the second. */
interface Taps {
  low: Int32Array;
  high: Int32Array;
  weight: Float32Array;
}

/**
 * Resizes one plane: bilinear, half-pixel centres, edge reflected, no antialiasing (method.md, sections 1 and 4).
 *
 * @param source H x W values
 * @param target size of the result
 * @param cover size, in target pixels, of the area that the source spans from the top left; larger than the target where
 *   only the top left part of the source is wanted
 * @returns H x W values; the source's own where nothing is to be resized
 */
export function resizePlane(source: AnomalyMap, target: Size, cover: Size = target): Float32Array {
  if ([target, cover].every(({ width, height }) => width === source.width && height === source.height))
    return source.values;
  const xs = taps(target.width, cover.width, source.width);
  const ys = taps(target.height, cover.height, source.height);
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

/** The map at the size of its image: scores, `height` x `width`. */
export function resizeToImage(placed: PlacedMap): AnomalyMap {
  const { map, width, height, extentWidth, extentHeight } = placed;
  const values = resizePlane(map, { height, width }, { height: extentHeight, width: extentWidth });
  return { values, height, width };
}

/** The score at one pixel: what `resizeToImage` has there. */
export function scoreAt(placed: PlacedMap, x: number, y: number): number {
  const { map } = placed;
  const [x0, x1, wx] = tap(x, placed.extentWidth, map.width);
  const [y0, y1, wy] = tap(y, placed.extentHeight, map.height);
  const at = (row: number, column: number) => map.values[row * map.width + column];
  const top = at(y0, x0) + (at(y0, x1) - at(y0, x0)) * wx;
  const bottom = at(y1, x0) + (at(y1, x1) - at(y1, x0)) * wx;
  return top + (bottom - top) * wy;
}

function blend(row: Float32Array, values: Float32Array, low: number, high: number, weight: number): void {
  for (let x = 0; x < row.length; x++) {
    const upper = values[low + x];
    row[x] = upper + (values[high + x] - upper) * weight;
  }
}

function taps(pixels: number, cover: number, positions: number): Taps {
  const low = new Int32Array(pixels);
  const high = new Int32Array(pixels);
  const weight = new Float32Array(pixels);
  for (let i = 0; i < pixels; i++) [low[i], high[i], weight[i]] = tap(i, cover, positions);
  return { low, high, weight };
}

function tap(pixel: number, cover: number, positions: number): [low: number, high: number, weight: number] {
  const position = ((pixel + 0.5) * positions) / cover - 0.5;
  const clamped = Math.min(Math.max(position, 0), positions - 1);
  const low = Math.floor(clamped);
  return [low, Math.min(low + 1, positions - 1), clamped - low];
}
