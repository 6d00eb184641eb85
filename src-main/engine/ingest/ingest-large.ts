import { stat } from 'node:fs/promises';
import sharp from 'sharp';
import type { Problem } from '../../common/api/datasets.ts';
import { levelCount, levelSize } from '../../common/tiles.ts';
import { pagePath, splitPage } from '../../files/paged-path.ts';
import { readError } from '../../files/read.ts';
import { mergeLargeMasks } from '../masks/large-mask.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import type { ImageSource, IngestedTile } from '../protocol/data-types.ts';
import { openImageLevels } from '../pyramids/image-levels.ts';
import { to8Bit } from '../readers/eight-bit.ts';
import { readLevel } from '../pyramids/level-file.ts';
import { openPixelFile } from '../readers/pixel-files/open-pixel-file.ts';
import { openStream } from '../readers/pixel-files/open-stream.ts';
import { pixelStorage } from '../readers/pixel-files/pixel-storage.ts';
import type { Work } from '../readers/pixel-files/stored-image.ts';
import type { PixelSource } from '../readers/pixel-source.ts';
import type { HandlerContext } from '../runtime/handler-context.ts';
import { masksWithPages, maskWithoutPage, noteProblems } from './problems.ts';
import { encodeThumbnail } from './thumbnail.ts';

/** Smaller files are read into memory before their size in pixels is known. */
const SMALL_FILE_BYTES = 2 ** 26;

/** Larger files are not, whatever the size of their images. */
const LARGE_FILE_BYTES = 2 ** 30;

/** Shares of the progress. */
const DECODING = 0.7;

type Request = EngineRequests['ingestImage']['request'];
type Response = EngineRequests['ingestImage']['response'];

/** Whether a large file is read piece by piece. @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `NOT_AN_IMAGE` */
export async function isLargeFile(path: string, maxPixels: number): Promise<boolean> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw readError(path, cause);
  });
  if (size <= SMALL_FILE_BYTES || size > LARGE_FILE_BYTES) return size > LARGE_FILE_BYTES;
  const { width, height } = await openStream(path);
  return width * height > maxPixels;
}

/** Ingests an image file of any size, in bounded memory. */
export async function ingestLarge(
  { path, masks, normal = false, maxPixels }: Request,
  { signal, report }: Pick<HandlerContext, 'signal' | 'report'>,
): Promise<Response> {
  const { pages, orientation } = await openStream(path);
  const isSingle = pages === 1 || splitPage(path).page !== undefined;
  const pagedMasks = isSingle ? [] : await masksWithPages(masks, pages, maxPixels);
  const tiles: IngestedTile[] = [];
  const problems: Problem[] = [];
  let ingested: Response | undefined;
  for (let page = 1; page <= (isSingle ? 1 : pages); page++) {
    const source = { path: isSingle ? path : pagePath(path, page) };
    const work = {
      signal,
      report: (fraction: number) =>
        report({ stage: 'decode', fraction: (page - 1 + fraction) / (isSingle ? 1 : pages) }),
    };
    const { pixels, tile } = await ingestPixels(source, work);
    problems.push(...noteProblems(source.path, pixels));
    const masksOfPage = isSingle ? masks : pagedMasks.map((mask) => pagePath(mask, page));
    const { width, height } = pixels;
    const image = { width, height, orientation, path, isNormal: normal };
    const { mask, problems: maskProblems } = await mergeLargeMasks(masksOfPage, image, signal);
    problems.push(...maskProblems);
    tiles.push({ ...tile, ...(!isSingle && { page }), ...(mask && { mask }) });
    const { sha256, resolution } = pixels;
    ingested ??= { sha256, tiles, orientation, problems, ...(resolution && { resolution }) };
  }
  const unused = isSingle ? [] : masks.filter((mask) => !pagedMasks.includes(mask));
  problems.push(...unused.map((mask) => maskWithoutPage(mask, path, pages)));
  return ingested as Response;
}

/** Decodes an image, prepares it for display, and makes its thumbnail. */
export async function ingestPixels(
  source: ImageSource,
  { signal, report }: Work,
): Promise<{ pixels: PixelSource; tile: IngestedTile }> {
  const pixels = await openPixelFile(source, {
    ...pixelStorage(),
    signal,
    report: (fraction) => report?.(DECODING * fraction),
  });
  try {
    const thumbnail = await thumbnailOf(source, pixels, {
      signal,
      report: (fraction) => report?.(DECODING + (1 - DECODING) * fraction),
    });
    const { width, height, used } = pixels;
    const tile = { width, height, thumbnail, insideFabric: true, ...(used && { used }) };
    return { pixels, tile };
  } finally {
    await pixels.close();
  }
}

/** The last level, which fits a tile, as a thumbnail. */
async function thumbnailOf(source: ImageSource, pixels: PixelSource, work: Work): Promise<Buffer> {
  const last = levelCount(pixels) - 1;
  const size = levelSize(pixels, last);
  const whole = { left: 0, top: 0, ...size };
  const read = async () => {
    if (last === 0) return to8Bit(await pixels.read(whole)).data;
    const levels = await openImageLevels(source, pixels, { ...pixelStorage(), ...work });
    try {
      return await readLevel(levels, last, whole);
    } finally {
      await levels.file.close();
    }
  };
  return encodeThumbnail(sharp(await read(), { raw: { ...size, channels: pixels.channels } }));
}
