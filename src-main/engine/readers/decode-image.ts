import type { RollDirection } from '../../common/api/rolls.ts';
import type { Crop } from '../../common/geometry.ts';
import { PerchError } from '../../common/api/errors.ts';
import { writeNpy } from '../../common/maps/npy.ts';
import type { ReadingNote } from '../../common/api/reading-notes.ts';
import type { RgbImage } from '../../methods/types.ts';
import { wrapDecodeError } from './decode-error.ts';
import { openImage, type OpenedImage } from './open-image.ts';
import { readSource } from './read-source.ts';
import type { PixelBlock } from './pixel-source.ts';
import { toPlanes } from './rgb-planes.ts';

/** Which part of a file to decode, and how. */
export interface DecodeOptions {
  /** Larger images are rejected. */
  maxPixels: number;
  /** The part to decode; the whole image by default. */
  crop?: Crop | undefined;
  /** Significant bits of 16-bit samples; derived from the image's own values by default. */
  bitDepth?: number | undefined;
  /** The direction in which the frames of a folder are stacked; `down` by default. */
  direction?: RollDirection | undefined;
}

/** A decoded image, and what its reader ignored, guessed or changed. */
export interface DecodedFile extends RgbImage {
  notes: ReadingNote[];
}

/**
 * Decodes an image file to RGB planes. Applies the EXIF orientation, converts colors to sRGB, expands gray and palettes, blends
 * transparency onto black, and preserves 16-bit depth.
 *
 * @param path `FILE#N` for page N of a TIFF file; a folder of frames
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `NOT_AN_IMAGE`, `IMAGE_TOO_LARGE`, `IMAGE_CHANGED` if the image lacks the crop
 */
export async function decodeImage(path: string, options: DecodeOptions): Promise<DecodedFile> {
  const { bytes } = await readSource({ path, ...options });
  const { notes, ...pixels } = await decodePixels(path, bytes, options);
  return { ...toPlanes(pixels), notes };
}

/** Decoded pixels, and what the reader of their file ignored, guessed or changed. */
export interface DecodedPixels extends PixelBlock {
  notes: ReadingNote[];
}

/** Decodes the pixels of an image from the bytes of its file. The path names the page. @throws PerchError as `decodeImage` */
export async function decodePixels(
  path: string,
  bytes: Buffer<ArrayBuffer>,
  options: DecodeOptions,
): Promise<DecodedPixels> {
  const { pixels, depth, notes } = applyCrop(path, await openImage(path, bytes, options), options.crop);
  const wide = depth === 16;
  const { data, info } = await wrapDecodeError(
    path,
    pixels
      .toColourspace(wide ? 'rgb16' : 'srgb')
      .raw({ depth: wide ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true }),
  );
  const samples = wide
    ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
    : new Uint8Array(data.buffer, data.byteOffset, data.length);
  const { width, height } = info;
  return { data: samples, width, height, channels: info.channels as PixelBlock['channels'], notes };
}

/** Encodes an image as 8-bit sRGB PNG, scaled down to fit `side` x `side` if given. @throws PerchError as `decodeImage` */
export async function encodePreview(
  path: string,
  side: number | undefined,
  options: DecodeOptions,
): Promise<Uint8Array> {
  const { bytes } = await readSource({ path, ...options });
  const image = await openImage(path, bytes, options);
  const { pixels } = applyCrop(path, image, options.crop);
  if (side !== undefined) pixels.resize(side, side, { fit: 'inside', withoutEnlargement: true });
  // Uncompressed, because a local page receives it and compression would take longer than the transfer.
  return wrapDecodeError(path, pixels.toColourspace('srgb').png({ compressionLevel: 0 }).toBuffer());
}

/**
 * Encodes the values of a 16-bit image as NPY: float32, C x H x W, integers from 0 to 2^bitDepth - 1. A gray image has one plane.
 *
 * @throws PerchError as `decodeImage`
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

function applyCrop(path: string, image: OpenedImage, crop: Crop | undefined): OpenedImage {
  if (!crop) return image;
  if (crop.left + crop.width > image.width || crop.top + crop.height > image.height) {
    throw new PerchError(
      'IMAGE_CHANGED',
      `${path} now has only ${image.width} x ${image.height} pixels. Import its dataset again.`,
    );
  }
  return { ...image, pixels: image.pixels.extract(crop) };
}
