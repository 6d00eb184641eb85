import { runsOf } from '../../../src-main/common/maps/mask-runs.ts';
import type { Size } from '../../viewer/viewport.ts';
import { Mask } from '../mask.ts';

/** Small squares, so that small masks have several. */
const SIDE = 4;

/** A mask of pixels that are 0 or 255. */
export function maskOf(size: Size, pixels?: Uint8Array): Mask {
  const mask = new Mask(size, SIDE);
  if (pixels) mask.write(runsOf(pixels, size.width), true);
  return mask;
}

/** A mask's pixels, 0 or 255. */
export function pixelsOfMask({ cells, width, height }: Mask): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: width * height }, (_, at) => cells.at(at % width, Math.floor(at / width)));
}
