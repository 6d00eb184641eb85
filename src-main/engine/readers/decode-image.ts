import type { Crop } from '../../common/api/datasets.ts';
import { PerchError } from '../../common/api/errors.ts';
import { writeNpy } from '../../common/maps/npy.ts';
import type { ReadingNote } from '../../common/api/reading-notes.ts';
import type { RgbImage } from '../../methods/types.ts';
import { wrapDecodeError } from './decode-error.ts';
import { openImage, type OpenedImage, readImageFile } from './open-image.ts';

/** Which part of a file is read, and how. */
export interface DecodeOptions {
  /** Images of more pixels are refused. */
  maxPixels: number;
  /** The part that is wanted, the whole image by default. */
  crop?: Crop | undefined;
  /** Bits that are in use in a 16-bit file; found from the values of the image itself where absent. */
  bitDepth?: number | undefined;
}

/** A decoded image, and what its reader left out, guessed or changed. */
export interface DecodedFile extends RgbImage {
  notes: ReadingNote[];
}

/**
 * Decodes an image file to RGB planes: EXIF orientation applied, color converted to sRGB, gray and palette expanded, transparency
 * laid on black, 16-bit depth kept.
 *
 * @param path `FILE#N` for a page of a file
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `NOT_AN_IMAGE`, `IMAGE_TOO_LARGE`, `IMAGE_CHANGED` where the part is not in it
 */
export async function decodeImage(path: string, options: DecodeOptions): Promise<DecodedFile> {
  return decodeImageBytes(path, await readImageFile(path), options);
}

/** Decodes an image whose bytes were read; `path` is for its page and for errors, which are those of `decodeImage`. */
export async function decodeImageBytes(
  path: string,
  bytes: Buffer<ArrayBuffer>,
  options: DecodeOptions,
): Promise<DecodedFile> {
  const { pixels, depth, notes } = cropped(path, await openImage(path, bytes, options), options.crop);
  const wide = depth === 16;
  const { data, info } = await wrapDecodeError(
    path,
    pixels
      .toColourspace(wide ? 'rgb16' : 'srgb')
      .raw({ depth: wide ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true }),
  );
  const samples = wide ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
  return { ...planes(samples, info.width, info.height, info.channels, depth), notes };
}

/** The same pixels as an 8-bit sRGB PNG, shrunk to fit `side` x `side` where given. Errors as of `decodeImage`. */
export async function encodePreview(
  path: string,
  side: number | undefined,
  options: DecodeOptions,
): Promise<Uint8Array> {
  const image = await openImage(path, await readImageFile(path), options);
  const { pixels } = cropped(path, image, options.crop);
  if (side !== undefined) pixels.resize(side, side, { fit: 'inside', withoutEnlargement: true });
  // It goes to a page of this machine at once: packing it would take several times as long as carrying it.
  return wrapDecodeError(path, pixels.toColourspace('srgb').png({ compressionLevel: 0 }).toBuffer());
}

/**
 * The values of a 16-bit image as NPY: float32, C x H x W, whole numbers from 0 to 2^bitDepth - 1. A gray image has one plane.
 * Errors as of `decodeImage`.
 */
export async function encodeValues(
  path: string,
  options: DecodeOptions & { bitDepth: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const { values, width, height } = await decodeImage(path, options);
  const white = 2 ** options.bitDepth - 1;
  const count = width * height;
  const [red, green, blue] = [0, 1, 2].map((plane) => values.subarray(plane * count, (plane + 1) * count));
  const isGray = red.every((value, at) => value === green[at] && value === blue[at]);
  const planes = (isGray ? red : values).map((value) => Math.round(value * white));
  return writeNpy({ shape: [isGray ? 1 : 3, height, width], values: planes });
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

/** What a sample of 8 or 16 bits is in 0..1; looking it up is faster than dividing. */
const levels: Record<8 | 16, Float32Array> = { 8: levelsOf(255), 16: levelsOf(65535) };

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
  depth: 8 | 16,
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
