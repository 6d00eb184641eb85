import { PerchError } from '../../common/api/errors.ts';
import { DecodeError } from './decode-error.ts';

/** Largest number of rows or columns. Per-row work on longer sides takes minutes, whatever the other side is. */
const MAX_SIDE = 2 ** 20;

/** Largest number of bands, including ignored ones, because all of them are decoded. */
export const MAX_BANDS = 16;

/** Images of more pixels are read and inspected in blocks where that is possible. */
export const LARGE_PIXELS = 2 ** 22;

/** Checks a size before pixels are allocated. Throws if the image has no pixels or too many. */
export type AssertSize = (width: number, height: number) => void;

/** Largest number of pixels of an image that is read in blocks: 20 gigapixels. */
const MAX_BLOCK_PIXELS = 2e10;

/** The check of images that are read in blocks. */
export function blockSizeCheck(path: string): AssertSize {
  const check = sizeCheck(path, Infinity);
  return (width, height) => {
    check(width, height);
    if (width * height <= MAX_BLOCK_PIXELS) return;
    throw new PerchError(
      'IMAGE_TOO_LARGE',
      `${path} has ${width} x ${height} pixels (${(width * height) / 1e9} gigapixels). The limit is ` +
        `${MAX_BLOCK_PIXELS / 1e9} gigapixels. Split the image.`,
    );
  };
}

/** A check that names the file in its error. */
export function sizeCheck(path: string, maxPixels: number): AssertSize {
  return (width, height) => {
    if (width < 1 || height < 1) throw new DecodeError('it has no pixels');
    if (Math.max(width, height) > MAX_SIDE) {
      throw new PerchError(
        'IMAGE_TOO_LARGE',
        `${path} has ${width} x ${height} pixels. A side may have at most ${MAX_SIDE.toLocaleString('en')}. Split the image.`,
      );
    }
    if (width * height <= maxPixels) return;
    const megapixels = (pixels: number) => `${Math.round(pixels / 1e5) / 10} megapixels`;
    throw new PerchError(
      'IMAGE_TOO_LARGE',
      `${path} has ${width} x ${height} pixels (${megapixels(width * height)}). The limit is ${megapixels(maxPixels)}. ` +
        'Split the image or raise the limit.',
      undefined,
      { kind: 'raise-max-pixels' },
    );
  };
}
