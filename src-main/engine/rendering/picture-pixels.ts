import type { Size } from '../../common/geometry.ts';
import type { ImageCache } from '../inspection/image-cache.ts';
import type { ImageSource } from '../protocol/data-types.ts';
import { decodePixels } from '../readers/decode-image.ts';
import { type EightBitBlock, to8Bit } from '../readers/eight-bit.ts';
import { LARGE_PIXELS } from '../readers/image-limits.ts';
import { openPixelFile } from '../readers/pixel-files/open-pixel-file.ts';
import { pixelStorage } from '../readers/pixel-files/pixel-storage.ts';
import { readSource } from '../readers/read-source.ts';

/**
 * The pixels of an inspected image, in 8 bits: those that its inspection kept, or decoded to a file. Otherwise they are decoded
 * again.
 *
 * @throws PerchError as `decodeImage`
 */
export async function picturePixels(
  source: ImageSource & { maxPixels: number },
  { width, height }: Size,
  imageCache: ImageCache,
): Promise<EightBitBlock> {
  const kept = imageCache.keptPixels(source);
  if (kept) return kept;
  if (width * height <= LARGE_PIXELS) {
    const { bytes } = await readSource(source);
    return to8Bit(await decodePixels(source.path, bytes, source));
  }
  const pixels = await openPixelFile(source, pixelStorage());
  try {
    return to8Bit(await pixels.read({ left: 0, top: 0, width, height }));
  } finally {
    await pixels.close();
  }
}
