import sharp from 'sharp';
import { PerchError } from '../../common/api/errors.ts';
import { MASK_THRESHOLD, encodeMask, type Mask } from './mask.ts';
import { readImageMask } from './merge-masks.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import { DecodeError, decodeReason } from '../readers/decode-error.ts';
import { openImage, readImageFile } from '../readers/open-image.ts';

/**
 * Makes a mask that comes in, drawn or from a file, the store's own: PNG, 0 or 255, of its image's size.
 *
 * @throws PerchError `INVALID_MASK` for other sizes and for drawn bytes that are no whole 8-bit gray PNG; for files also what
 *   `decodeImage` throws
 */
export async function normalizeMask({
  mask,
  width,
  height,
  image,
}: EngineRequests['normalizeMask']['request']): Promise<EngineRequests['normalizeMask']['response']> {
  const assertSupportedSchema = (found: { width: number; height: number }) => {
    if (found.width === width && found.height === height) return;
    throw new PerchError(
      'INVALID_MASK',
      `The drawn mask has ${found.width} x ${found.height} pixels, its image ` +
        `${width} x ${height}. A mask has the size of its image.`,
    );
  };
  if ('png' in mask)
    return { ...(await encodeMask(await drawnMask(mask.png, assertSupportedSchema))), problems: [] };
  const orientation = image === undefined ? 1 : await orientationOf(image, mask.maxPixels);
  const laid = { path: image ?? 'its image', width, height, orientation };
  const { problems, ...read } = await readImageMask(mask.path, laid, mask.maxPixels);
  return { ...(await encodeMask(read)), problems };
}

/** The EXIF orientation of an image; one that cannot be read has none that matters. */
async function orientationOf(path: string, maxPixels: number): Promise<number> {
  try {
    return (await openImage(path, await readImageFile(path), { maxPixels })).orientation;
  } catch (thrown) {
    if (thrown instanceof PerchError) return 1;
    throw thrown;
  }
}

/** @param assertSupportedSchema is asked before pixels are decoded: a small file can claim to be a huge image */
async function drawnMask(
  png: Uint8Array,
  assertSupportedSchema: (found: { width: number; height: number }) => void,
): Promise<Mask> {
  try {
    if (png.length === 0) throw new DecodeError('it is empty');
    const image = sharp(png, { limitInputPixels: false, failOn: 'error' });
    const { format, width, height, channels, depth } = await image.metadata();
    if (format !== 'png' || channels !== 1 || depth !== 'uchar')
      throw new DecodeError('it is not 8-bit gray PNG');
    assertSupportedSchema({ width, height });
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
