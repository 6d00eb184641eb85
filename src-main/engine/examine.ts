import { pagePath, splitPage } from '../files/paged-path.ts';
import { readBeginning } from '../files/read.ts';
import type { Tasks } from './protocol.ts';
import { openImageOf, orRefuse, readImageFile } from './readers/open-image.ts';
import { isNetpbm } from './readers/netpbm.ts';
import { isTiff, TiffFile } from './readers/tiff.ts';

/** Bytes in which PNG says how many bits a sample has. */
const HEADER = 32;

/**
 * Pages and bits in use of an image file, or of one page of it. Files of 8 bits a sample are not read beyond their header.
 *
 * @throws PerchError as `decodeImage`
 */
export async function examine({
  path,
  maxPixels,
}: Tasks['examine']['request']): Promise<Tasks['examine']['answer']> {
  const { file: name, page } = splitPage(path);
  const { bytes: start } = await readBeginning(name, HEADER);
  const isWidePng = start[1] === 0x50 && start[24] === 16;
  if (!isTiff(start) && !isNetpbm(start) && !isWidePng) return { pages: 1, usedBits: null };
  const bytes = await readImageFile(path);
  if (!isTiff(start))
    return { pages: 1, usedBits: (await openImageOf(path, bytes, { maxPixels })).usedBits ?? null };
  const file = await orRefuse(path, (async () => new TiffFile(bytes))());
  const pages = page === undefined ? Array.from({ length: file.pages }, (_, index) => index + 1) : [page];
  let usedBits: number | null = null;
  for (const number of pages) {
    const { bits } = await orRefuse(path, (async () => file.page(number))());
    if (bits !== 16) continue;
    const opened = await openImageOf(pagePath(name, number), bytes, { maxPixels });
    if (opened.usedBits !== undefined) usedBits = Math.max(usedBits ?? 0, opened.usedBits);
  }
  return { pages: pages.length, usedBits };
}
