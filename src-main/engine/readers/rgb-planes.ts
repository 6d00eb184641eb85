import type { RgbImage } from '../../methods/types.ts';
import type { PixelBlock } from './pixel-source.ts';

/** Samples of 8 and 16 bits as values in 0..1. A lookup is faster than a division. */
const levels: Record<8 | 16, Float32Array> = { 8: levelsOf(255), 16: levelsOf(65535) };

function levelsOf(white: number): Float32Array {
  const values = new Float32Array(white + 1);
  for (let sample = 0; sample <= white; sample++) values[sample] = sample / white;
  return values;
}

/**
 * Interleaved gray or RGB samples as three planes in 0..1.
 *
 * @param memory where the planes are written; newly allocated if absent
 */
export function toPlanes(
  { data, width, height, channels }: PixelBlock,
  memory?: Float32Array<ArrayBuffer>,
): RgbImage {
  const count = width * height;
  const level = levels[data instanceof Uint16Array ? 16 : 8];
  const values = memory ?? new Float32Array(3 * count);
  for (let plane = 0; plane < 3; plane++) {
    const own = values.subarray(plane * count, (plane + 1) * count);
    for (let i = 0, at = channels >= 3 ? plane : 0; i < count; i++, at += channels) own[i] = level[data[at]];
  }
  return { values, height, width };
}
