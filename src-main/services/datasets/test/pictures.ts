import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';

/** A unique image for each seed, as PNG bytes. */
export function picture(seed: number, width = 40, height = 32): Promise<Buffer> {
  const pixels = Uint8Array.from({ length: width * height }, (_, at) => (at * (seed + 3) + seed * 17) % 251);
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}

/**
 * A mask as PNG bytes, anomalous in a square of `side` x `side` pixels whose top left corner is at `left`,
 * `top`.
 */
export function maskPicture(side: number, width = 40, height = 32, left = 0, top = 0): Promise<Buffer> {
  const pixels = new Uint8Array(width * height);
  for (let y = top; y < top + side; y++) pixels.fill(255, y * width + left, y * width + left + side);
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}

/** A strip of woven stripes from column `from` to `to`; white elsewhere. */
export function stripPicture(
  width: number,
  height: number,
  from: number,
  to: number,
  seed = 0,
): Promise<Buffer> {
  const pixels = new Uint8Array(width * height).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = from; x < to; x++) {
      pixels[y * width + x] = 90 + 20 * ((x >> 1) % 2) + 14 * ((y >> 1) % 2) + ((x * 7 + y * 13 + seed) % 5);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}

/** Returns the PNG with a different size in its header. */
export function withSize(png: Buffer, width: number, height: number): Buffer {
  const claiming = Buffer.from(png);
  claiming.writeUInt32BE(width, 16);
  claiming.writeUInt32BE(height, 20);
  claiming.writeUInt32BE(crc32(claiming.subarray(12, 29)), 29);
  return claiming;
}

/** Writes files below a folder. */
export async function lay(root: string, files: Record<string, Buffer | Promise<Buffer>>): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), await bytes);
  }
}
