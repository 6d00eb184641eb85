import sharp from 'sharp';
import { PerchError } from '../../common/api/errors.ts';
import { fillRings, maskRegions } from '../../common/maps/mask-polygons.ts';
import { decodeRle } from '../../common/maps/mask-rle.ts';
import { encodeMask } from './encode-mask.ts';
import { openMask } from './mask.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import type { MaskShape } from '../protocol/data-types.ts';

/** The regions of a larger mask are not found. */
const MAX_PIXELS = 2 ** 26;

/** Finds a mask file's regions. @throws PerchError `IMAGE_TOO_LARGE`; as `readMask` */
export async function findMaskRegions({
  path,
}: EngineRequests['findMaskRegions']['request']): Promise<EngineRequests['findMaskRegions']['response']> {
  const { width, height, read } = await openMask(path, Infinity);
  if (width * height > MAX_PIXELS) {
    throw new PerchError(
      'IMAGE_TOO_LARGE',
      `The mask has ${width} x ${height} pixels. Masks of more than 67 megapixels cannot be exported as shapes. Export them as images.`,
    );
  }
  const { values } = await read();
  return { width, height, regions: maskRegions(values, width, height) };
}

/** Merges shapes into one mask. @throws PerchError `INVALID_MASK` if a shape cannot be drawn */
export async function composeMask({
  width,
  height,
  shapes,
}: EngineRequests['composeMask']['request']): Promise<EngineRequests['composeMask']['response']> {
  const values = new Uint8Array(width * height);
  for (const shape of shapes) {
    try {
      await draw(values, shape, width, height);
    } catch (cause) {
      const [reason] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
      throw new PerchError('INVALID_MASK', `A shape cannot be drawn: ${reason}.`, cause);
    }
  }
  return encodeMask({ values, width, height });
}

async function draw(values: Uint8Array, shape: MaskShape, width: number, height: number): Promise<void> {
  if ('rings' in shape) return fillRings(values, width, height, shape.rings);
  if ('counts' in shape) {
    for (const [at, value] of decodeRle(shape.counts, width, height).entries()) values[at] |= value;
    return;
  }
  const image = sharp(shape.png, { limitInputPixels: width * height, failOn: 'error' });
  const { data, info } = await image
    .toColourspace('b-w')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  for (let y = 0; y < info.height; y++) {
    for (let x = 0; x < info.width; x++) {
      const [column, row] = [shape.left + x, shape.top + y];
      const isInside = column >= 0 && row >= 0 && column < width && row < height;
      if (isInside && data[(y * info.width + x) * info.channels] !== 0) values[row * width + column] = 1;
    }
  }
}
