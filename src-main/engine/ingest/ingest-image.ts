import { createHash } from 'node:crypto';
import sharp, { type Sharp } from 'sharp';
import type { Crop, Problem } from '../../common/api/datasets.ts';
import { pagePath } from '../../files/paged-path.ts';
import { stripExtent } from './strip-extent.ts';
import { encodeMask, openMask } from '../masks/mask.ts';
import { mergeMasks } from '../masks/merge-masks.ts';
import type { IngestedTile, EngineRequests } from '../protocol/messages.ts';
import { wrapDecodeError } from '../readers/decode-error.ts';
import { openImage, type OpenedImage, readImageFile } from '../readers/open-image.ts';

const THUMBNAIL_SIDE = 192;

/**
 * Looks at an image file and its masks for an import. Every page of a file is an image of its own. Errors of the image as of
 * `decodeImage`; masks only cause problems.
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
  const isOne = strip || pages === 1;
  // A stack of masks of as many pages is of the pages of the image.
  const stacks = isOne ? [] : await stacksOf(masks, pages, maxPixels);
  const parts: IngestedTile[] = [];
  const problems: Problem[] = [];
  for (let page = 1; page <= (isOne ? 1 : pages); page++) {
    const opened = isOne ? image : await openImage(pagePath(path, page), bytes, { maxPixels });
    problems.push(...notesOf(isOne ? path : pagePath(path, page), opened));
    const surveyed = await (strip ? squares(path, opened) : whole(path, opened));
    const ofPage = isOne ? masks : stacks.map((mask) => pagePath(mask, page));
    const united = await mergeMasks(ofPage, { ...opened, path, isNormal: normal }, maxPixels);
    problems.push(...united.problems);
    const { mask } = united;
    for (const part of surveyed) {
      const numbered = isOne ? part : { ...part, page };
      parts.push(mask ? { ...numbered, mask: await encodeMask(mask, part.crop) } : numbered);
    }
  }
  if (!isOne) {
    const left = masks.filter((mask) => !stacks.includes(mask));
    problems.push(...left.map((mask) => ofNoPage(mask, path, pages)));
  }
  return { sha256, parts, orientation, problems };
}

/** Notes of the reader, but for the depth: a dataset reads an image by the depth of its class, and says so of the class. */
function notesOf(path: string, { notes }: OpenedImage): Problem[] {
  return notes
    .filter(({ kind }) => kind !== 'bit-depth')
    .map(({ message }) => ({ kind: 'note', path, message: `${path}: ${message}` }));
}

/** The masks that have a page for each page of the image. */
async function stacksOf(masks: readonly string[], pages: number, maxPixels: number): Promise<string[]> {
  const found: string[] = [];
  for (const mask of masks) {
    const counted = await openMask(mask, maxPixels).then(
      (opened) => opened.pages,
      () => 0,
    );
    if (counted === pages) found.push(mask);
  }
  return found;
}

function ofNoPage(mask: string, image: string, pages: number): Problem {
  const message = `${mask} is left out: its image ${image} has ${pages} pages, and it does not say of which it is.`;
  return { kind: 'mask-without-image', path: mask, message };
}

async function whole(path: string, image: OpenedImage): Promise<IngestedTile[]> {
  const { pixels, width, height, used } = image;
  const thumbnail = await wrapDecodeError(path, thumbnailOf(pixels));
  return [{ width, height, thumbnail, insideFabric: true, ...(used && { used }) }];
}

/** The squares of a strip, from the left; what is left at its end is not enough for one. */
async function squares(path: string, { pixels, width, height }: OpenedImage): Promise<IngestedTile[]> {
  const side = height;
  const { data: gray } = await wrapDecodeError(
    path,
    pixels.toColourspace('b-w').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true }),
  );
  const fabric = stripExtent(gray, { width, height });
  const parts: IngestedTile[] = [];
  for (let left = 0; left + side <= width; left += side) {
    const crop: Crop = { left, top: 0, width: side, height: side };
    const part = sharp(gray, { raw: { width, height, channels: 1 }, limitInputPixels: false }).extract(crop);
    const insideFabric = left >= fabric.start && left + side <= fabric.end;
    parts.push({ crop, width: side, height: side, thumbnail: await thumbnailOf(part), insideFabric });
  }
  return parts;
}

function thumbnailOf(pixels: Sharp): Promise<Buffer> {
  return pixels
    .toColourspace('srgb')
    .resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 80 })
    .toBuffer();
}
