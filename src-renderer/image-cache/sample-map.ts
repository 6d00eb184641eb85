import { levelSize } from '../../src-main/common/tiles.ts';
import type { Point, Size } from '../viewer/viewport.ts';
import type { PlacedLevels } from './map-levels.ts';

/** The level of a map whose positions are about as large as the pixels of a level of its image, or smaller. */
export function mapLevelFor(imageLevel: number, { map, extentWidth, extentHeight }: PlacedLevels): number {
  const stride = Math.max(extentWidth / map.size.width, extentHeight / map.size.height);
  const level = Math.floor(imageLevel - Math.log2(stride) + 1e-9);
  return Math.min(Math.max(level, 0), map.levels - 1);
}

/**
 * The scores of the pixels of a level of the image, interpolated as `resizeToImage` does.
 *
 * @param part in pixels of the level
 * @returns part.height x part.width
 */
export async function sampleMap(
  placed: PlacedLevels,
  imageLevel: number,
  part: Point & Size,
): Promise<Float32Array<ArrayBuffer>> {
  const { map, extentWidth, extentHeight } = placed;
  const level = mapLevelFor(imageLevel, placed);
  const { width: columns, height: rows } = levelSize(map.size, level);
  const pixel = 2 ** imageLevel / 2 ** level;
  const xs = taps(part.x, part.width, (pixel * map.size.width) / extentWidth, columns);
  const ys = taps(part.y, part.height, (pixel * map.size.height) / extentHeight, rows);
  const window = { x: xs.first, y: ys.first, width: xs.count, height: ys.count };
  const { values } = await map.window(level, window);
  const scores = new Float32Array(part.width * part.height);
  for (let y = 0; y < part.height; y++) {
    const upper = ys.low[y] * window.width;
    const lower = ys.high[y] * window.width;
    const weight = ys.weight[y];
    for (let x = 0; x < part.width; x++) {
      const [low, high, across] = [xs.low[x], xs.high[x], xs.weight[x]];
      const top = values[upper + low] + (values[lower + low] - values[upper + low]) * weight;
      const other = values[upper + high] + (values[lower + high] - values[upper + high]) * weight;
      scores[y * part.width + x] = top + (other - top) * across;
    }
  }
  return scores;
}

/** For each pixel along an axis, the two positions of the window that it lies between, and the weight of the second. */
interface Taps {
  first: number;
  count: number;
  low: Int32Array;
  high: Int32Array;
  weight: Float32Array;
}

/** @param step positions per pixel */
function taps(from: number, pixels: number, step: number, positions: number): Taps {
  const low = new Int32Array(pixels);
  const high = new Int32Array(pixels);
  const weight = new Float32Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const position = Math.min(Math.max((from + i + 0.5) * step - 0.5, 0), positions - 1);
    low[i] = Math.floor(position);
    high[i] = Math.min(low[i] + 1, positions - 1);
    weight[i] = position - low[i];
  }
  const first = low[0];
  const count = high[pixels - 1] - first + 1;
  for (let i = 0; i < pixels; i++) {
    low[i] -= first;
    high[i] -= first;
  }
  return { first, count, low, high, weight };
}
