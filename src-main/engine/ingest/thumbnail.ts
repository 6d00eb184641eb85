import type { Sharp } from 'sharp';

const THUMBNAIL_SIDE = 192;

export function encodeThumbnail(pixels: Sharp): Promise<Buffer> {
  return pixels
    .toColourspace('srgb')
    .resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 80 })
    .toBuffer();
}
