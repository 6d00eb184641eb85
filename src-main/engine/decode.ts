import sharp, { type Sharp } from 'sharp';
import type { Crop } from '../api/datasets.ts';
import { PerchError } from '../api/errors.ts';
import type { RgbImage } from '../methods/types.ts';
import { readInputFile } from '../files/read.ts';

/** What sharp calls the formats that Perch reads; BMP, which sharp's build lacks, is read by bmp-ts. */
const FORMATS = new Set(['png', 'jpeg', 'tiff', 'webp']);

/** Bits a channel that are kept: 16 where the file has more than 8. */
type Depth = 8 | 16;

export interface OpenedImage {
  /** Oriented, without transparency. */
  pixels: Sharp;
  /** Size in pixels. */
  width: number;
  height: number;
  depth: Depth;
}

/**
 * Decodes an image file to RGB planes: EXIF orientation applied, colour converted to sRGB, gray and palette expanded,
 * transparency laid on black, 16-bit depth kept. Of files with several pages, the first.
 *
 * @param maxPixels images of more pixels are refused
 * @param crop the part that is wanted, the whole image by default
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `NOT_AN_IMAGE`, `IMAGE_TOO_LARGE`, `IMAGE_CHANGED` where the part is not in it
 */
export async function decodeImage(path: string, maxPixels: number, crop?: Crop): Promise<RgbImage> {
  return decodeImageOf(path, await readInputFile(path), maxPixels, crop);
}

/** Decodes an image whose bytes were read; `path` is for its errors, which are those of `decodeImage`. */
export async function decodeImageOf(
  path: string,
  bytes: Buffer<ArrayBuffer>,
  maxPixels: number,
  crop?: Crop,
): Promise<RgbImage> {
  const { pixels, depth } = cropped(path, await openImageOf(path, bytes, maxPixels), crop);
  const wide = depth === 16;
  const { data, info } = await orRefuse(
    path,
    pixels
      .toColourspace(wide ? 'rgb16' : 'srgb')
      .raw({ depth: wide ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true }),
  );
  const samples = wide ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
  return planes(samples, info.width, info.height, info.channels, depth);
}

/** The same pixels as an 8-bit sRGB PNG, shrunk to fit `side` x `side` where given. Errors as of `decodeImage`. */
export async function encodePreview(
  path: string,
  side: number | undefined,
  maxPixels: number,
  crop?: Crop,
): Promise<Uint8Array> {
  const image = await openImageOf(path, await readInputFile(path), maxPixels);
  const { pixels } = cropped(path, image, crop);
  if (side !== undefined) pixels.resize(side, side, { fit: 'inside', withoutEnlargement: true });
  // It goes to a page of this machine at once: packing it would take several times as long as carrying it.
  return orRefuse(path, pixels.toColourspace('srgb').png({ compressionLevel: 0 }).toBuffer());
}

/** Opens an image whose bytes were read; `path` is for its errors, which are those of `decodeImage`. */
export async function openImageOf(
  path: string,
  bytes: Buffer<ArrayBuffer>,
  maxPixels: number,
): Promise<OpenedImage> {
  if (bytes.length === 0) throw notAnImage(path, 'it is empty');
  return bytes.subarray(0, 2).toString('latin1') === 'BM'
    ? openBmp(path, bytes, maxPixels)
    : openBySharp(path, bytes, maxPixels);
}

function cropped(path: string, image: OpenedImage, crop: Crop | undefined): OpenedImage {
  if (!crop) return image;
  if (crop.left + crop.width > image.width || crop.top + crop.height > image.height) {
    throw new PerchError(
      'IMAGE_CHANGED',
      `${path} is ${image.width} x ${image.height} pixels now, smaller than it was. Import its dataset again.`,
    );
  }
  return { ...image, pixels: image.pixels.extract(crop) };
}

async function openBySharp(path: string, bytes: Buffer, maxPixels: number): Promise<OpenedImage> {
  const image = sharp(bytes, { limitInputPixels: false, failOn: 'error' });
  const { format, width, height, depth, autoOrient } = await orRefuse(path, image.metadata());
  if (!FORMATS.has(format)) throw notAnImage(path, `it is ${format.toUpperCase()}`);
  if (depth !== 'uchar' && depth !== 'ushort') throw notAnImage(path, `its samples are of type ${depth}`);
  refuseTooLarge(path, width, height, maxPixels);
  const pixels = image.autoOrient().flatten();
  return { pixels, width: autoOrient.width, height: autoOrient.height, depth: depth === 'ushort' ? 16 : 8 };
}

/** The alpha channel of a BMP is dropped, not applied: most programs leave it at 0 and mean opaque. */
async function openBmp(path: string, bytes: Buffer, maxPixels: number): Promise<OpenedImage> {
  if (bytes.length < 26) throw notAnImage(path, 'it ends inside its header');
  refuseTooLarge(path, bytes.readInt32LE(18), Math.abs(bytes.readInt32LE(22)), maxPixels);
  // BMP is rare, so its reader is loaded where there is one.
  const { decode } = await import('bmp-ts');
  try {
    const { data, width, height } = decode(bytes, { toRGBA: true });
    const pixels = sharp(data, { raw: { width, height, channels: 4 }, limitInputPixels: false });
    return { pixels: pixels.removeAlpha(), width, height, depth: 8 };
  } catch (cause) {
    throw notAnImage(path, `broken BMP, ${firstLine(cause)}`, cause);
  }
}

function refuseTooLarge(path: string, width: number, height: number, maxPixels: number): void {
  if (width < 1 || height < 1) throw notAnImage(path, 'it has no pixels');
  if (width * height <= maxPixels) return;
  const megapixels = (pixels: number) => `${Math.round(pixels / 1e5) / 10} megapixels`;
  throw new PerchError(
    'IMAGE_TOO_LARGE',
    `${path} has ${width} x ${height} pixels (${megapixels(width * height)}); the limit is ${megapixels(maxPixels)}. ` +
      'Raise it with --max-pixels, or cut the image into parts.',
  );
}

/** Waits for sharp; what it cannot decode becomes a typed error that names the file. */
export async function orRefuse<Result>(path: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    throw notAnImage(path, firstLine(cause), cause);
  }
}

function notAnImage(path: string, reason: string, cause?: unknown): PerchError {
  return new PerchError(
    'NOT_AN_IMAGE',
    `${path} is not an image that Perch can read: ${reason}. Perch reads PNG, JPEG, TIFF, BMP and WebP, 8 or 16 bit.`,
    cause,
  );
}

function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split('\n')[0].trim().replace(/\.$/, '');
}

/** What a sample of 8 or 16 bits is in 0..1; looking it up is faster than dividing. */
const levels: Record<Depth, Float32Array> = { 8: levelsOf(255), 16: levelsOf(65535) };

function levelsOf(white: number): Float32Array {
  const values = new Float32Array(white + 1);
  for (let sample = 0; sample <= white; sample++) values[sample] = sample / white;
  return values;
}

function planes(
  samples: Uint8Array | Uint16Array,
  width: number,
  height: number,
  channels: number,
  depth: Depth,
): RgbImage {
  const count = width * height;
  const level = levels[depth];
  const values = new Float32Array(3 * count);
  for (let plane = 0; plane < 3; plane++) {
    const own = values.subarray(plane * count, (plane + 1) * count);
    for (let i = 0, at = channels >= 3 ? plane : 0; i < count; i++, at += channels)
      own[i] = level[samples[at]];
  }
  return { values, height, width };
}
