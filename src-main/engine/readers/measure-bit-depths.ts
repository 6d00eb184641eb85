import { pagePath, splitPage } from '../../files/paged-path.ts';
import { readHead } from '../../files/read.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import { wrapDecodeError } from './decode-error.ts';
import { openImage } from './open-image.ts';
import { readImageFile } from './read-image-file.ts';
import { isFrameFolder } from './pixel-files/image-size.ts';
import { openPixelFile } from './pixel-files/open-pixel-file.ts';
import { openStream } from './pixel-files/open-stream.ts';
import { pixelStorage } from './pixel-files/pixel-storage.ts';
import { isNetpbm } from './netpbm.ts';
import { isTiff, TiffFile } from './tiff/tiff-file.ts';
import type { UsedRange } from '../protocol/data-types.ts';

/** Bytes that contain a PNG file's bit depth. */
const HEADER_BYTES = 32;

/**
 * Measures the used range of each page of an image file, or of the page in the path. Reads only the header of files with 8 bits per
 * sample, and decodes images of more than `maxPixels` to their pixel files.
 *
 * @throws PerchError as `decodeImage`
 */
export async function measureBitDepths(
  request: EngineRequests['measureBitDepths']['request'],
): Promise<EngineRequests['measureBitDepths']['response']> {
  return { pages: await usedByPage(request) };
}

async function usedByPage({
  path,
  maxPixels,
}: EngineRequests['measureBitDepths']['request']): Promise<(UsedRange | null)[]> {
  if (await isFrameFolder(path)) return [await usedOfLarge(path)];
  const { file: name, page } = splitPage(path);
  const { bytes: start } = await readHead(name, HEADER_BYTES);
  const isWidePng = start[1] === 0x50 && start[24] === 16;
  if (!isTiff(start) && !isNetpbm(start) && !isWidePng) return [null];
  const stream = await openStream(path);
  if (stream.width * stream.height > maxPixels) {
    if (stream.depth === 8) return [null];
    const count = page === undefined ? stream.pages : 1;
    if (count === 1) return [await usedOfLarge(path)];
    const used: (UsedRange | null)[] = [];
    for (let number = 1; number <= count; number++) used.push(await usedOfLarge(pagePath(name, number)));
    return used;
  }
  const bytes = await readImageFile(path);
  if (!isTiff(start)) return [(await openImage(path, bytes, { maxPixels })).used ?? null];
  const file = await wrapDecodeError(path, (async () => TiffFile.of(bytes))());
  const pages = page === undefined ? Array.from({ length: file.pages }, (_, index) => index + 1) : [page];
  const used: (UsedRange | null)[] = [];
  for (const number of pages) {
    const { bits } = await wrapDecodeError(path, (async () => file.page(number))());
    const opened = bits === 16 ? await openImage(pagePath(name, number), bytes, { maxPixels }) : undefined;
    used.push(opened?.used ?? null);
  }
  return used;
}

/** Decodes an image of any size to its pixel file, which its inspection needs anyway. */
async function usedOfLarge(path: string): Promise<UsedRange | null> {
  const pixels = await openPixelFile({ path }, pixelStorage());
  await pixels.close();
  return pixels.used ?? null;
}
