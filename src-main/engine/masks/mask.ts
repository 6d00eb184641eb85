import sharp from 'sharp';
import type { Crop } from '../../common/api/datasets.ts';
import { bitsFor } from '../readers/bit-depth.ts';
import { readImageFile } from '../readers/open-image.ts';
import { openSamples } from '../readers/open-samples.ts';
import type { Samples } from '../readers/samples.ts';

/** A mask: 1 where anomalous, `height` x `width`. */
export interface Mask {
  values: Uint8Array;
  width: number;
  height: number;
}

/** A mask of a file, and how its values were taken. */
export interface ReadMask extends Mask {
  /** How many pixels are anomalous. */
  marked: number;
  /** The smallest value that is anomalous, of those in the file; an alpha channel where that is the mask. */
  anomalousFrom: number;
  /** Images in its file. */
  pages: number;
}

/** The masks that Perch writes and the window draws are 0 (normal) and 255 (anomalous). */
export const MASK_THRESHOLD = 127;

/** A gray value of a mask with more values than this is lightness, not a label. */
const MOST_LABELS = 32;

/** Masks that mark a larger part of the image are likely inverted. */
export const LIKELY_INVERTED = 0.5;

/** A mask file whose header was read. */
export interface OpenedMask {
  width: number;
  height: number;
  /** Images in its file. */
  pages: number;
  /** Decodes it. Errors as of `decodeImage`. */
  read(): Promise<ReadMask>;
}

/**
 * Opens a mask of any kind that people have:
 *  - labels: few values, 0 among them (0 and 1, 0 and 255, 0 to 5, colors on black): what is not 0 is anomalous
 *  - lightness: more values, as soft edges and JPEG have, or none that is 0: what is above the middle is anomalous; the middle of
 *    the bits that are in use
 *  - alpha: where it varies and colors do not tell more, it is the mask
 *
 * @throws PerchError as `decodeImage`
 */
export async function openMask(path: string, maxPixels: number): Promise<OpenedMask> {
  const { width, height, isLossy, pages, samples } = await openSamples(
    path,
    await readImageFile(path),
    maxPixels,
  );
  return {
    width,
    height,
    pages,
    read: async () => ({ width, height, pages, ...marked(grayOf(await samples()), isLossy) }),
  };
}

/**
 * Reads a mask file as a whole.
 *
 * @throws PerchError as `decodeImage`
 */
export async function readMask(path: string, maxPixels: number): Promise<ReadMask> {
  return (await openMask(path, maxPixels)).read();
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

/** Turns a mask as EXIF orientation 1 to 8 turns its image. */
export function turnMask(mask: Mask, orientation: number): Mask {
  const { width, height, values } = mask;
  const isSwapped = orientation >= 5;
  const turned = { width: isSwapped ? height : width, height: isSwapped ? width : height };
  const to = new Uint8Array(values.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [right, down] = [width - 1 - x, height - 1 - y];
      // Where the pixel goes: column and row, by orientation.
      const places = [
        [x, y],
        [x, y],
        [right, y],
        [right, down],
        [x, down],
        [y, x],
        [down, x],
        [down, right],
        [y, right],
      ];
      const [column, row] = places[orientation];
      to[row * turned.width + column] = values[y * width + x];
    }
  }
  return { ...turned, values: to };
}

/** One value a pixel: the brightest channel, or alpha where that is the mask. */
function grayOf({ data, channels }: Samples): Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> {
  if (channels === 1) return data;
  const colors = channels === 2 ? 1 : 3;
  const count = data.length / channels;
  const gray = data instanceof Uint16Array ? new Uint16Array(count) : new Uint8Array(count);
  for (let i = 0; i < count; i++)
    for (let color = 0; color < colors; color++) gray[i] = Math.max(gray[i], data[i * channels + color]);
  if (colors === channels) return gray;
  const alpha = gray.map((_, i) => data[i * channels + colors]);
  if (alpha.every((value) => value === alpha[0])) return gray;
  let [isBlackSeen, isColorSeen] = [false, false];
  for (let i = 0; i < count; i++) {
    if (alpha[i] === 0) continue;
    if (gray[i] === 0) isBlackSeen = true;
    else isColorSeen = true;
  }
  if (isBlackSeen && isColorSeen) return gray.map((value, i) => (alpha[i] === 0 ? 0 : value));
  return alpha;
}

/** What the values of a mask mark. */
type Marked = Pick<ReadMask, 'values' | 'marked' | 'anomalousFrom'>;

function marked(gray: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>, isLossy: boolean): Marked {
  if (gray instanceof Uint8Array) {
    const whole = binary(gray);
    if (whole) return whole;
  }
  const anomalousFrom = lowestAnomalous(gray, isLossy);
  const values = new Uint8Array(gray.length);
  let count = 0;
  for (let i = 0; i < gray.length; i++) {
    if (gray[i] < anomalousFrom) continue;
    values[i] = 1;
    count++;
  }
  return { values, marked: count, anomalousFrom };
}

/**
 * The usual mask of nothing but 0 and 255, read four pixels at a time; undefined where it is another. The highest bit of each byte
 * is put in its place.
 */
function binary(gray: Uint8Array<ArrayBuffer>): Marked | undefined {
  const values = new Uint8Array(gray);
  const words = new Uint32Array(values.buffer, 0, values.length >>> 2);
  let other = 0;
  let counts = 0;
  let count = 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    const bits = (word >>> 7) & 0x01010101;
    other |= word ^ (bits * 255);
    words[i] = bits;
    // Four counters of 8 bits side by side.
    counts += bits;
    if (i % 255 === 254) {
      count += sumOfBytes(counts);
      counts = 0;
    }
  }
  count += sumOfBytes(counts);
  for (let i = 4 * words.length; i < values.length; i++) {
    if (values[i] !== 0 && values[i] !== 255) return undefined;
    values[i] >>>= 7;
    count += values[i];
  }
  return other === 0 ? { values, marked: count, anomalousFrom: 255 } : undefined;
}

function sumOfBytes(word: number): number {
  return (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24);
}

/** The smallest anomalous value; above all values where none is. */
function lowestAnomalous(gray: Uint8Array | Uint16Array, isLossy: boolean): number {
  const white = gray instanceof Uint8Array ? 255 : 65535;
  const isUsed = new Uint8Array(white + 1);
  for (let i = 0; i < gray.length; i++) isUsed[gray[i]] = 1;
  const largest = isUsed.lastIndexOf(1);
  let distinct = 0;
  for (let value = 0; value <= white; value++) distinct += isUsed[value];
  // More than three values up to white are the steps of a soft edge.
  const areLabels = isUsed[0] === 1 && distinct <= MOST_LABELS && (distinct <= 3 || largest < white);
  if (areLabels && !isLossy) return 1;
  const isFaint = largest <= white >> 1 && !isLossy;
  const used = !isFaint ? white : white === 255 ? largest : 2 ** bitsFor(largest) - 1;
  return (used >> 1) + 1;
}
