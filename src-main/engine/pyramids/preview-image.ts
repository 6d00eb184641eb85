import sharp from 'sharp';
import { levelCount, levelSize } from '../../common/tiles.ts';
import { encodePreview, type DecodeOptions } from '../readers/decode-image.ts';
import { to8Bit } from '../readers/eight-bit.ts';
import { imageSize } from '../readers/pixel-files/image-size.ts';
import { openPixelFile } from '../readers/pixel-files/open-pixel-file.ts';
import { pixelStorage } from '../readers/pixel-files/pixel-storage.ts';
import { openImageLevels } from './image-levels.ts';
import { readLevel } from './level-file.ts';

/**
 * Encodes an image as 8-bit sRGB PNG, scaled down to fit `side` x `side` if given. Images of more than `maxPixels` are scaled down
 * from a level of their tiles.
 *
 * @throws PerchError as `decodeImage`
 */
export async function previewImage(
  path: string,
  side: number | undefined,
  options: DecodeOptions,
): Promise<Uint8Array> {
  const { direction, crop, bitDepth, maxPixels } = options;
  const size = side === undefined ? undefined : (crop ?? (await imageSize(path, direction)));
  if (side === undefined || !size || size.width * size.height <= maxPixels)
    return encodePreview(path, side, options);
  const { values, channels, ...level } = await smallestLevel(
    { path, direction, ...(crop && { crop }), ...(bitDepth !== undefined && { bitDepth }) },
    side,
  );
  const image = sharp(values, { raw: { ...level, channels } });
  return image
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .png({ compressionLevel: 0 })
    .toBuffer();
}

/** The pixels of the smallest level that is not smaller than `side`. */
async function smallestLevel(source: Parameters<typeof openPixelFile>[0], side: number) {
  const pixels = await openPixelFile(source, pixelStorage());
  try {
    const { channels } = pixels;
    const level = Array.from({ length: levelCount(pixels) }, (_, number) => number).findLast((number) => {
      const { width, height } = levelSize(pixels, number);
      return Math.max(width, height) >= side;
    });
    const size = levelSize(pixels, level ?? 0);
    const whole = { left: 0, top: 0, ...size };
    if (!level) return { ...size, channels, values: to8Bit(await pixels.read(whole)).data };
    const levels = await openImageLevels(source, pixels, pixelStorage());
    try {
      return { ...size, channels, values: await readLevel(levels, level, whole) };
    } finally {
      await levels.file.close();
    }
  } finally {
    await pixels.close();
  }
}
