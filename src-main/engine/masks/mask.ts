import { bitsFor } from '../readers/bit-depth.ts';
import { readImageFile } from '../readers/read-image-file.ts';
import type { Samples } from '../readers/samples.ts';
import { openPlainPng } from './plain-png.ts';

/** A mask: 1 where anomalous, `height` x `width`. */
export interface Mask {
  values: Uint8Array;
  width: number;
  height: number;
}

/** A mask read from a file, and how its values were interpreted. */
export interface ReadMask extends Mask {
  /** Number of anomalous pixels. */
  marked: number;
  /** The smallest anomalous value, on the scale of the file's color or alpha values. */
  anomalousFrom: number;
  /** Number of images in the file. */
  pages: number;
}

/** Perch writes and draws masks with 0 (normal) and 255 (anomalous). Larger values than this are anomalous. */
export const MASK_THRESHOLD = 127;

/** The values of a mask with more distinct values than this are brightness, not labels. */
const MAX_LABELS = 32;

/** A mask that marks more than this fraction of the image is probably inverted. */
export const LIKELY_INVERTED = 0.5;

/** A mask file whose header has been read. */
export interface OpenedMask {
  width: number;
  height: number;
  /** Number of images in the file. */
  pages: number;
  /** Decodes the mask. @throws PerchError as `decodeImage` */
  read(): Promise<ReadMask>;
}

/**
 * Opens a mask of any of these kinds, which the values of the file distinguish:
 *  - labels: few distinct values including 0 (0 and 1, 0 and 255, 0 to 5, colors on black). Nonzero pixels are anomalous.
 *  - brightness: many values, as soft edges and JPEG produce, or none that is 0. Pixels above the middle of the used bits are
 *    anomalous.
 *  - alpha: the alpha channel, if it varies and the colors carry no mask of their own.
 *
 * @throws PerchError as `decodeImage`
 */
export async function openMask(path: string, maxPixels: number): Promise<OpenedMask> {
  const bytes = await readImageFile(path);
  const plain = openPlainPng(bytes);
  if (!plain || plain.width * plain.height > maxPixels) return openWithSharp(path, bytes, maxPixels);
  const { width, height } = plain;
  return {
    width,
    height,
    pages: 1,
    async read() {
      const gray = await plain.read();
      // It explains what is wrong with a damaged file.
      if (!gray) return (await openWithSharp(path, bytes, maxPixels)).read();
      return { width, height, pages: 1, ...interpret(gray, false, true) };
    },
  };
}

async function openWithSharp(
  path: string,
  bytes: Buffer<ArrayBuffer>,
  maxPixels: number,
): Promise<OpenedMask> {
  // Loading sharp takes as long as reading 20 plain masks.
  const { openSamples } = await import('../readers/open-samples.ts');
  const { width, height, isLossy, pages, samples } = await openSamples(path, bytes, maxPixels);
  return {
    width,
    height,
    pages,
    read: async () => ({ width, height, pages, ...interpret(toGray(await samples()), isLossy) }),
  };
}

/**
 * Reads a mask file.
 *
 * @throws PerchError as `decodeImage`
 */
export async function readMask(path: string, maxPixels: number): Promise<ReadMask> {
  return (await openMask(path, maxPixels)).read();
}

/** Applies an EXIF orientation, 1 to 8, to a mask. */
export function orientMask(mask: Mask, orientation: number): Mask {
  const { width, height, values } = mask;
  const isSwapped = orientation >= 5;
  const size = { width: isSwapped ? height : width, height: isSwapped ? width : height };
  const to = new Uint8Array(values.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [right, down] = [width - 1 - x, height - 1 - y];
      // Target column and row of the pixel, by orientation.
      const targets = [
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
      const [column, row] = targets[orientation];
      to[row * size.width + column] = values[y * width + x];
    }
  }
  return { ...size, values: to };
}

/** Reduces samples to one value per pixel: the largest color channel, or alpha if that is the mask. */
export function toGray({ data, channels }: Samples): Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> {
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

/** The interpretation of gray values as a mask. */
type Marked = Pick<ReadMask, 'values' | 'marked' | 'anomalousFrom'>;

/** @param mayOverwrite whether the marked pixels may take the memory of the gray values */
function interpret(
  gray: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>,
  isLossy: boolean,
  mayOverwrite = false,
): Marked {
  if (gray instanceof Uint8Array) {
    // The fast path reads words.
    const aligned = gray.byteOffset % 4 === 0 ? gray : gray.slice();
    if (isBinary(aligned)) return readBinary(aligned, mayOverwrite ? aligned : undefined);
  }
  const isUsed = new Uint8Array(gray instanceof Uint8Array ? 256 : 65536);
  for (let i = 0; i < gray.length; i++) isUsed[gray[i]] = 1;
  const anomalousFrom = lowestAnomalous(isUsed, isLossy);
  const values = new Uint8Array(gray.length);
  let count = 0;
  for (let i = 0; i < gray.length; i++) {
    if (gray[i] < anomalousFrom) continue;
    values[i] = 1;
    count++;
  }
  return { values, marked: count, anomalousFrom };
}

/** The bytes four at a time, and the position of those that remain. */
function wordsOf({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): {
  words: Uint32Array;
  rest: number;
} {
  const words = new Uint32Array(buffer, byteOffset, length >>> 2);
  return { words, rest: 4 * words.length };
}

/** Whether a mask contains only 0 and 255. */
function isBinary(gray: Uint8Array<ArrayBuffer>): boolean {
  const { words, rest } = wordsOf(gray);
  let other = 0;
  for (let i = 0; i < words.length; i++) other |= words[i] ^ (((words[i] >>> 7) & 0x01010101) * 255);
  return other === 0 && gray.subarray(rest).every((value) => value === 0 || value === 255);
}

/** The fast path for binary masks. Replaces each byte by its highest bit. */
function readBinary(
  gray: Uint8Array<ArrayBuffer>,
  values: Uint8Array<ArrayBuffer> = new Uint8Array(gray.length),
): Marked {
  const { words, rest } = wordsOf(gray);
  const { words: bits } = wordsOf(values);
  let counts = 0;
  let count = 0;
  for (let i = 0; i < words.length; i++) {
    bits[i] = (words[i] >>> 7) & 0x01010101;
    // Four 8-bit counters in one word.
    counts += bits[i];
    if (i % 255 === 254) {
      count += sumOfBytes(counts);
      counts = 0;
    }
  }
  count += sumOfBytes(counts);
  for (let i = rest; i < values.length; i++) {
    values[i] = gray[i] >>> 7;
    count += values[i];
  }
  return { values, marked: count, anomalousFrom: 255 };
}

function sumOfBytes(word: number): number {
  return (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24);
}

/**
 * The smallest anomalous value. Exceeds all values if none is anomalous.
 *
 * @param isUsed for each of the 256 or 65 536 values, 1 if the mask contains it
 */
export function lowestAnomalous(isUsed: Uint8Array, isLossy: boolean): number {
  const white = isUsed.length - 1;
  const largest = isUsed.lastIndexOf(1);
  let distinct = 0;
  for (let value = 0; value <= white; value++) distinct += isUsed[value];
  // More than three values that include white are the steps of a soft edge.
  const areLabels = isUsed[0] === 1 && distinct <= MAX_LABELS && (distinct <= 3 || largest < white);
  if (areLabels && !isLossy) return 1;
  const isFaint = largest <= white >> 1 && !isLossy;
  const used = !isFaint ? white : white === 255 ? largest : 2 ** bitsFor(largest) - 1;
  return (used >> 1) + 1;
}
