import { pagePath, splitPage } from '../../files/paged-path.ts';
import { readHead } from '../../files/read.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import { wrapDecodeError } from './decode-error.ts';
import { LARGE_PIXELS } from './image-limits.ts';
import { openImage, readImageFile } from './open-image.ts';
import { isFrameFolder } from './pixel-files/image-size.ts';
import { openStream } from './pixel-files/open-stream.ts';
import { isNetpbm } from './netpbm.ts';
import { isTiff, TiffFile } from './tiff/tiff-file.ts';
import type { UsedRange } from '../protocol/data-types.ts';

/** Bytes that contain a PNG file's bit depth. */
const HEADER_BYTES = 32;

/**
 * Measures the used range of each page of an image file, or of the page in the path. Reads only the header of files with 8 bits per
 * sample. Large images are not measured: their bit depth is that of their own values.
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
  if (await isLarge(path)) return [null];
  const { file: name, page } = splitPage(path);
  const { bytes: start } = await readHead(name, HEADER_BYTES);
  const isWidePng = start[1] === 0x50 && start[24] === 16;
  if (!isTiff(start) && !isNetpbm(start) && !isWidePng) return [null];
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

/** Whether a path is a folder of frames, or a file with one large image. */
async function isLarge(path: string): Promise<boolean> {
  try {
    if (await isFrameFolder(path)) return true;
    const { width, height, pages } = await openStream(path);
    return pages === 1 && width * height > LARGE_PIXELS;
  } catch {
    // The file is read below, which reports the reason.
    return false;
  }
}
