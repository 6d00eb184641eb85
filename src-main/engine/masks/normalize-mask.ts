import { PerchError } from '../../common/api/errors.ts';
import { decodeMaskPng, type DecodedMask } from '../../common/maps/mask-png.ts';
import { encodeRuns, readLargeMask } from './large-mask.ts';
import { encodeMask } from './encode-mask.ts';
import { readImageMask } from './merge-masks.ts';
import { stackMasks } from './stack-masks.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import { openImage } from '../readers/open-image.ts';
import { readImageFile } from '../readers/read-image-file.ts';

/** A mask with more pixels is never in memory as a whole. */
const WHOLE_PIXELS = 2 ** 26;

/**
 * Converts a drawn mask, a mask file or masks of frames to the form of the store: PNG of the image's size with 0 and 255.
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
  if ('png' in mask) {
    const drawn = await decodeDrawnMask(mask.png, assertImageSize);
    return { ...(await encodeDrawnMask(drawn)), problems: [] };
  }
  if ('frames' in mask) {
    const roll = { path: image ?? 'its roll', width, height, orientation: 1, direction: mask.direction };
    const { runs, problems } = await stackMasks(mask.frames, roll);
    return { ...(await encodeDrawnMask({ runs, width, height })), problems };
  }
  const orientation = image === undefined ? 1 : await orientationOf(image, mask.maxPixels);
  const maskedImage = { path: image ?? 'its image', width, height, orientation };
  if (width * height > mask.maxPixels) {
    const { runs, problems } = await readLargeMask(mask.path, maskedImage);
    return { ...(await encodeRuns(runs, { width, height })), problems };
  }
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
): Promise<DecodedMask> {
  try {
    return await decodeMaskPng(png, assertImageSize);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new PerchError(
      'INVALID_MASK',
      `The drawn mask cannot be read (${cause.message}). Nothing was saved.`,
      cause,
    );
  }
}

/** Encodes a large mask by rows; others as masks of files, so that equal masks are the same file. */
async function encodeDrawnMask(mask: DecodedMask): Promise<{ png: Uint8Array; pixels: number }> {
  const { runs, width, height } = mask;
  if (width * height > WHOLE_PIXELS) return encodeRuns(runs, mask);
  const values = new Uint8Array(width * height);
  for (let at = 0; at < runs.length; at += 2) values.fill(1, runs[at], runs[at + 1]);
  return await encodeMask({ values, width, height });
}
