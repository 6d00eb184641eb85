import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { Problem } from '../../common/api/datasets.ts';
import type { Crop } from '../../common/geometry.ts';
import { pagePath } from '../../files/paged-path.ts';
import { encodeMask } from '../masks/encode-mask.ts';
import { mergeMasks } from '../masks/merge-masks.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import type { IngestedTile } from '../protocol/data-types.ts';
import { wrapDecodeError } from '../readers/decode-error.ts';
import { openImage, type OpenedImage } from '../readers/open-image.ts';
import { readImageFile } from '../readers/read-image-file.ts';
import { orientedResolution } from '../readers/orientation.ts';
import { readResolution } from '../readers/resolution.ts';
import { isTiff, TiffFile } from '../readers/tiff/tiff-file.ts';
import type { PixelSize } from '../../common/scale.ts';
import { masksWithPages, maskWithoutPage, noteProblems } from './problems.ts';
import { stripExtent } from './strip-extent.ts';
import { encodeThumbnail } from './thumbnail.ts';

/** Ingests an image that is decoded whole, or cut into tiles. */
export async function ingestSmall({
  path,
  masks,
  strip,
  normal = false,
  maxPixels,
}: EngineRequests['ingestImage']['request']): Promise<EngineRequests['ingestImage']['response']> {
  const bytes = await readImageFile(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const image = await openImage(path, bytes, { maxPixels });
  const { orientation, pages } = image;
  const isSingle = strip || pages === 1;
  const pagedMasks = isSingle ? [] : await masksWithPages(masks, pages, maxPixels);
  const tiles: IngestedTile[] = [];
  const problems: Problem[] = [];
  for (let page = 1; page <= (isSingle ? 1 : pages); page++) {
    const pathOfPage = isSingle ? path : pagePath(path, page);
    const opened = isSingle ? image : await openImage(pathOfPage, bytes, { maxPixels });
    problems.push(...noteProblems(pathOfPage, opened));
    const masksOfPage = isSingle ? masks : pagedMasks.map((mask) => pagePath(mask, page));
    const merged = await mergeMasks(masksOfPage, { ...opened, path, isNormal: normal }, maxPixels);
    problems.push(...merged.problems);
    for (const tile of await (strip ? tileStrip(path, opened) : wholeImage(path, opened))) {
      const mask = merged.mask && (await encodeMask(merged.mask, tile.crop));
      tiles.push({ ...tile, ...(!isSingle && { page }), ...(mask && { mask }) });
    }
  }
  if (!isSingle) {
    const unused = masks.filter((mask) => !pagedMasks.includes(mask));
    problems.push(...unused.map((mask) => maskWithoutPage(mask, path, pages)));
  }
  const resolution = resolutionOf(bytes, orientation);
  return { sha256, tiles, orientation, problems, ...(resolution && { resolution }) };
}

/** The size of a pixel that a file declares, of its first page. */
function resolutionOf(bytes: Buffer, orientation: number): PixelSize | undefined {
  const declared = isTiff(bytes) ? TiffFile.of(bytes).page(1).resolution : readResolution(bytes);
  return declared && orientedResolution(declared, orientation);
}

async function wholeImage(path: string, image: OpenedImage): Promise<IngestedTile[]> {
  const { pixels, width, height, used } = image;
  const thumbnail = await wrapDecodeError(path, encodeThumbnail(pixels));
  return [{ width, height, thumbnail, insideFabric: true, ...(used && { used }) }];
}

/** The square tiles of a strip, from the left. The rest at the right end is dropped. */
async function tileStrip(path: string, { pixels, width, height }: OpenedImage): Promise<IngestedTile[]> {
  const side = height;
  const { data: gray } = await wrapDecodeError(
    path,
    pixels.toColourspace('b-w').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true }),
  );
  const extent = stripExtent(gray, { width, height });
  const tiles: IngestedTile[] = [];
  for (let left = 0; left + side <= width; left += side) {
    const crop: Crop = { left, top: 0, width: side, height: side };
    const tile = sharp(gray, { raw: { width, height, channels: 1 }, limitInputPixels: false }).extract(crop);
    const insideFabric = left >= extent.start && left + side <= extent.end;
    tiles.push({ crop, width: side, height: side, thumbnail: await encodeThumbnail(tile), insideFabric });
  }
  return tiles;
}
