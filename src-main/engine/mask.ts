import sharp from 'sharp';
import type { Crop, Problem } from '../api/datasets.ts';
import { PerchError, reportOf } from '../api/errors.ts';
import { readInputFile } from '../files/read.ts';
import { openImageOf, orRefuse } from './decode.ts';

/** A mask: 1 where anomalous, `height` x `width`. */
export interface Mask {
  values: Uint8Array;
  width: number;
  height: number;
}

/** Masks are 0 (normal) and 255 (anomalous); what lies between is decided at the middle. */
export const ANOMALOUS_ABOVE = 127;

/** A mask file whose header was read. */
export interface OpenedMask {
  width: number;
  height: number;
  /** Decodes it: a pixel is anomalous where one of its channels is above the middle. Errors as of `decodeImage`. */
  values(): Promise<Uint8Array<ArrayBuffer>>;
}

/** @throws PerchError as `decodeImage` */
export async function openMask(path: string, maxPixels: number): Promise<OpenedMask> {
  const { pixels, width, height } = await openImageOf(path, await readInputFile(path), maxPixels);
  return {
    width,
    height,
    values: async () => {
      const joined = pixels.bandbool('or').toColourspace('b-w').raw({ depth: 'uchar' });
      return highestBits(await orRefuse(path, joined.toBuffer()));
    },
  };
}

/** The highest bit of each byte, which is that of what is above the middle, in its place where words lie there. */
function highestBits(gray: Buffer<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bytes = gray.byteOffset % 4 === 0 ? gray : new Uint8Array(gray);
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
  for (let i = 0; i < words.length; i++) words[i] = (words[i] >>> 7) & 0x01010101;
  for (let i = 4 * words.length; i < bytes.length; i++) bytes[i] >>>= 7;
  return bytes;
}

/**
 * Reads a mask file as a whole.
 *
 * @throws PerchError as `decodeImage`
 */
export async function readMask(path: string, maxPixels: number): Promise<Mask> {
  const { width, height, values } = await openMask(path, maxPixels);
  return { width, height, values: await values() };
}

/**
 * The union of the masks of an image. Those that cannot be used are told; undefined where none can.
 *
 * @param image path of the image, for what is told
 */
export async function unitedMask(
  paths: readonly string[],
  image: { path: string; width: number; height: number },
  maxPixels: number,
): Promise<{ mask: Mask | undefined; problems: Problem[] }> {
  const problems: Problem[] = [];
  let united: Mask | undefined;
  for (const path of paths) {
    try {
      const mask = await readMask(path, maxPixels);
      if (mask.width !== image.width || mask.height !== image.height) {
        const message =
          `${path} is ${mask.width} x ${mask.height} pixels, its image ${image.path} ${image.width} x ${image.height}. ` +
          'A mask has the size of its image.';
        problems.push({ kind: 'mask-size', path, message });
      } else if (!mask.values.includes(1)) {
        const message = `${path} marks nothing: no pixel is above ${ANOMALOUS_ABOVE}. Masks are 0 (normal) and 255 (anomalous).`;
        problems.push({ kind: 'mask-unreadable', path, message });
      } else {
        united = united ? unionOf(united, mask) : mask;
      }
    } catch (thrown) {
      if (!(thrown instanceof PerchError)) throw thrown;
      problems.push({ kind: 'mask-unreadable', path, message: reportOf(thrown).message });
    }
  }
  return { mask: united, problems };
}

/** A part of a mask as PNG, 0 or 255, and the number of its anomalous pixels. */
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

function unionOf(a: Mask, b: Mask): Mask {
  return { ...a, values: a.values.map((value, at) => value | b.values[at]) };
}
