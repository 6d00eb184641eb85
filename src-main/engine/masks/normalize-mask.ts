import sharp from 'sharp';
import { PerchError } from '../../common/api/errors.ts';
import { MASK_THRESHOLD, encodeMask, type Mask } from './mask.ts';
import { readImageMask } from './merge-masks.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import { DecodeError, decodeReason } from '../readers/decode-error.ts';
import { openImage, readImageFile } from '../readers/open-image.ts';

/**
 * Converts a drawn mask or a mask file to the form of the store: PNG of the image's size with 0 and 255.
 *
 * @throws PerchError `INVALID_MASK` if the size differs or if a drawn mask is not a complete 8-bit gray PNG;
 * for files, also as `decodeImage`
 */
export async function normalizeMask({
  mask,
  width,
  height,
  image,
}: EngineRequests['normalizeMask']['request']): Promise<EngineRequests['normalizeMask']['response']> {
  const assertImageSize = (found: { width: number; height: number }) => {
    if (found.width === width && found.height === height) return;
    throw new PerchError(
      'INVALID_MASK',
      `The drawn mask has ${found.width} x ${found.height} pixels, but its image has ` +
        `${width} x ${height}. A mask must have the size of its image.`,
    );
  };
  if ('png' in mask)
    return { ...(await encodeMask(await decodeDrawnMask(mask.png, assertImageSize))), problems: [] };
  const orientation = image === undefined ? 1 : await orientationOf(image, mask.maxPixels);
  const maskedImage = { path: image ?? 'its image', width, height, orientation };
  const { problems, ...read } = await readImageMask(mask.path, maskedImage, mask.maxPixels);
  return { ...(await encodeMask(read)), problems };
}

/** The EXIF orientation of an image; 1 if the image cannot be read. */
async function orientationOf(path: string, maxPixels: number): Promise<number> {
  try {
    return (await openImage(path, await readImageFile(path), { maxPixels })).orientation;
  } catch (thrown) {
    if (thrown instanceof PerchError) return 1;
    throw thrown;
  }
}

/** @param assertImageSize is called before pixels are decoded, because a small file can claim to be a huge image */
async function decodeDrawnMask(
  png: Uint8Array,
  assertImageSize: (found: { width: number; height: number }) => void,
): Promise<Mask> {
  try {
    if (png.length === 0) throw new DecodeError('it is empty');
    const image = sharp(png, { limitInputPixels: false, failOn: 'error' });
    const { format, width, height, channels, depth } = await image.metadata();
    if (format !== 'png' || channels !== 1 || depth !== 'uchar')
      throw new DecodeError('it is not an 8-bit gray PNG');
    assertImageSize({ width, height });
    const gray = await image.toColourspace('b-w').raw().toBuffer();
    return { values: gray.map((value) => (value > MASK_THRESHOLD ? 1 : 0)), width, height };
  } catch (cause) {
    if (cause instanceof PerchError) throw cause;
    throw new PerchError(
      'INVALID_MASK',
      `The drawn mask cannot be read (${decodeReason(cause)}). Nothing was saved.`,
      cause,
    );
  }
}
