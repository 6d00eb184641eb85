import sharp from 'sharp';
import type { Crop } from '../../common/geometry.ts';
import type { Mask } from './mask.ts';

/** Encodes a mask, or a part of it, as PNG with 0 and 255, and counts its anomalous pixels. */
export async function encodeMask(mask: Mask, crop?: Crop): Promise<{ png: Uint8Array; pixels: number }> {
  const { left, top, width, height } = crop ?? { left: 0, top: 0, width: mask.width, height: mask.height };
  const gray = new Uint8Array(width * height);
  let pixels = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (mask.values[(top + y) * mask.width + left + x] === 0) continue;
      gray[y * width + x] = 255;
      pixels++;
    }
  }
  const png = await sharp(gray, { raw: { width, height, channels: 1 }, limitInputPixels: false })
    .toColourspace('b-w')
    .png()
    .toBuffer();
  return { png, pixels };
}
