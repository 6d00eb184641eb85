import { createHash } from 'node:crypto';
import sharp, { type Sharp } from 'sharp';
import type { Crop } from '../api/datasets.ts';
import { readInputFile } from '../files/read.ts';
import { openImageOf, type OpenedImage, orRefuse } from './decode.ts';
import { fabricExtent } from './fabric.ts';
import { encodeMask, unitedMask } from './mask.ts';
import type { SurveyedPart, Tasks } from './protocol.ts';

const THUMBNAIL_SIDE = 192;

/** Looks at an image file and its masks for an import. Errors of the image as of `decodeImage`; masks only cause problems. */
export async function survey({
  path,
  masks,
  strip,
  maxPixels,
}: Tasks['survey']['request']): Promise<Tasks['survey']['answer']> {
  const bytes = await readInputFile(path);
  const image = await openImageOf(path, bytes, maxPixels);
  const surveyed = await (strip ? squares(path, image) : whole(path, image));
  const { mask, problems } = await unitedMask(masks, { ...image, path }, maxPixels);
  const parts = await Promise.all(
    surveyed.map(async (part) => (mask ? { ...part, mask: await encodeMask(mask, part.crop) } : part)),
  );
  return { sha256: createHash('sha256').update(bytes).digest('hex'), parts, problems };
}

async function whole(path: string, { pixels, width, height }: OpenedImage): Promise<SurveyedPart[]> {
  return [{ width, height, thumbnail: await orRefuse(path, thumbnailOf(pixels)), covered: true }];
}

/** The squares of a strip, from the left; what is left at its end is not enough for one. */
async function squares(path: string, { pixels, width, height }: OpenedImage): Promise<SurveyedPart[]> {
  const side = height;
  const { data: gray } = await orRefuse(
    path,
    pixels.toColourspace('b-w').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true }),
  );
  const fabric = fabricExtent(gray, { width, height });
  const parts: SurveyedPart[] = [];
  for (let left = 0; left + side <= width; left += side) {
    const crop: Crop = { left, top: 0, width: side, height: side };
    const part = sharp(gray, { raw: { width, height, channels: 1 }, limitInputPixels: false }).extract(crop);
    const covered = left >= fabric.start && left + side <= fabric.end;
    parts.push({ crop, width: side, height: side, thumbnail: await thumbnailOf(part), covered });
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
