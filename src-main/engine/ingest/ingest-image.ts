import { createHash } from 'node:crypto';
import sharp, { type Sharp } from 'sharp';
import type { Problem } from '../../common/api/datasets.ts';
import type { Crop } from '../../common/geometry.ts';
import { pagePath } from '../../files/paged-path.ts';
import { encodeMask, openMask } from '../masks/mask.ts';
import { mergeMasks } from '../masks/merge-masks.ts';
import type { EngineRequests, IngestedTile } from '../protocol/messages.ts';
import { wrapDecodeError } from '../readers/decode-error.ts';
import { openImage, type OpenedImage, readImageFile } from '../readers/open-image.ts';
import { stripExtent } from './strip-extent.ts';

const THUMBNAIL_SIDE = 192;

/**
 * Reads an image file and its masks for an import: checksum, thumbnails, tiles and masks. Each page of a file is a separate image.
 * Unusable masks are reported as problems.
 *
 * @throws PerchError of the image, as `decodeImage`
 */
export async function ingestImage({
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
  return { sha256, tiles, orientation, problems };
}

/** The reader's notes, except on bit depth: a dataset decides the bit depth of a class and reports it once. */
function noteProblems(path: string, { notes }: OpenedImage): Problem[] {
  return notes
    .filter(({ kind }) => kind !== 'bit-depth')
    .map(({ message }) => ({ kind: 'note', path, message: `${path}: ${message}` }));
}

/** The masks that have as many pages as the image. Page N of such a mask belongs to page N of the image. */
async function masksWithPages(masks: readonly string[], pages: number, maxPixels: number): Promise<string[]> {
  const found: string[] = [];
  for (const mask of masks) {
    const maskPages = await openMask(mask, maxPixels).then(
      (opened) => opened.pages,
      () => 0,
    );
    if (maskPages === pages) found.push(mask);
  }
  return found;
}

function maskWithoutPage(mask: string, image: string, pages: number): Problem {
  const message = `Ignored ${mask}: its image ${image} has ${pages} pages, and the mask does not have one for each.`;
  return { kind: 'mask-without-image', path: mask, message };
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

function encodeThumbnail(pixels: Sharp): Promise<Buffer> {
  return pixels
    .toColourspace('srgb')
    .resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 80 })
    .toBuffer();
}
