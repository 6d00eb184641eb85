import { createHash } from 'node:crypto';
import type { RollDirection } from '../../common/api/rolls.ts';
import { sizeCheck } from './image-limits.ts';
import { imageSize, isFrameFolder } from './pixel-files/image-size.ts';
import { openPixelFile } from './pixel-files/open-pixel-file.ts';
import { pixelStorage } from './pixel-files/pixel-storage.ts';
import type { PixelBlock } from './pixel-source.ts';
import { readImageFile } from './read-image-file.ts';

/** An image file in memory. */
export interface ImageBytes {
  bytes: Buffer<ArrayBuffer>;
  /** SHA-256 of the file, or of the list of the frames' checksums. */
  sha256: string;
}

/** Which image to read at once. */
export interface WholeSource {
  path: string;
  direction?: RollDirection | undefined;
  maxPixels: number;
}

/**
 * Reads the bytes of an image file. The frames of a folder are read as one Netpbm file.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `IMAGE_TOO_LARGE`; of a frame, as `openPixelFile`
 */
export async function readSource({ path, direction, maxPixels }: WholeSource): Promise<ImageBytes> {
  if (!(await isFrameFolder(path))) {
    const bytes = await readImageFile(path);
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  }
  const { width, height } = await imageSize(path, direction);
  sizeCheck(path, maxPixels)(width, height);
  // All bits of its samples are read as they are, as from a file.
  const pixels = await openPixelFile({ path, direction, bitDepth: 16 }, pixelStorage());
  try {
    const bytes = netpbmOf(await pixels.read({ left: 0, top: 0, width, height }));
    return { bytes, sha256: pixels.sha256 };
  } finally {
    await pixels.close();
  }
}

/** Samples as binary PGM or PPM, which has 16-bit samples in big-endian order. */
function netpbmOf({ data, width, height, channels }: PixelBlock): Buffer<ArrayBuffer> {
  const white = data instanceof Uint16Array ? 65535 : 255;
  const header = Buffer.from(`P${channels === 1 ? 5 : 6}\n${width} ${height}\n${white}\n`);
  const samples = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const bytes = Buffer.concat([header, samples]);
  if (white > 255) bytes.subarray(header.length).swap16();
  return bytes;
}
