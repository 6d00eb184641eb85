import sharp, { type Metadata, type Sharp } from 'sharp';
import type { ReadingNote } from '../../common/api/reading-notes.ts';
import { splitPage } from '../../files/paged-path.ts';
import { expandTo16Bits, usedRange } from './bit-depth.ts';
import { readBmp } from './bmp.ts';
import { DecodeError, wrapDecodeError } from './decode-error.ts';
import { grayProfileTable } from './gray-profile.ts';
import { type AssertSize, MAX_BANDS, sizeCheck } from './image-limits.ts';
import {
  bitDepthNote,
  CLEAR_NOTE,
  countPngFrames,
  formatNotes,
  ignoredProfileNote,
  isPlainCmyk,
  pageNotes,
} from './format-notes.ts';
import { assertNotPam, isNetpbm, netpbmMaximum, readNetpbm } from './netpbm.ts';
import { decodeCmyk, decodeSamples, flattenAlpha, type Samples, sharpOf } from './samples.ts';
import { assertSupported } from './tiff/assert-supported.ts';
import { failOnFor, isTiff, TiffFile } from './tiff/tiff-file.ts';
import type { TiffPage } from './tiff/tiff-page.ts';
import type { UsedRange } from '../protocol/data-types.ts';

export interface OpenOptions {
  /** Larger images are rejected. */
  maxPixels: number;
  /** Significant bits of 16-bit samples; derived from the image's own values by default. */
  bitDepth?: number | undefined;
}

interface PageOptions extends OpenOptions {
  /** Page of a TIFF file, from 1; undefined if the path names none. */
  page: number | undefined;
}

/** An image whose header was read and whose pixels can be decoded. */
export interface OpenedImage {
  /** Oriented, opaque, gray or RGB, spanning the full range of `depth`. A color profile is applied at the latest on decoding. */
  pixels: Sharp;
  /** Size in pixels, after EXIF orientation. */
  width: number;
  height: number;
  /** Bits per channel: 16 if the file has more than 8. */
  depth: 8 | 16;
  /** EXIF orientation that was applied, 1 to 8. */
  orientation: number;
  /** Number of images in the file. */
  pages: number;
  /** The range of the image's values, for 16-bit files that do not declare which value is white. */
  used?: UsedRange;
  /** What the reader ignored, guessed or changed. */
  notes: ReadingNote[];
}

/** Formats that sharp decodes, by sharp's names. Its build lacks BMP and Netpbm, which have readers here. */
export const SHARP_FORMATS: ReadonlySet<string> = new Set(['png', 'jpeg', 'tiff', 'webp']);

/**
 * Opens an image from the bytes of its file.
 *
 * @param path for messages and for the page: `FILE#N` is page N, a path without `#N` the first page
 * @throws PerchError `NOT_AN_IMAGE`, `IMAGE_TOO_LARGE`
 */
export async function openImage(
  path: string,
  bytes: Buffer<ArrayBuffer>,
  options: OpenOptions,
): Promise<OpenedImage> {
  const { page } = splitPage(path);
  return wrapDecodeError(path, open(bytes, { ...options, page }, sizeCheck(path, options.maxPixels)));
}

async function open(
  bytes: Buffer<ArrayBuffer>,
  options: PageOptions,
  assertSize: AssertSize,
): Promise<OpenedImage> {
  if (bytes.length === 0) throw new DecodeError('it is empty');
  if (bytes.toString('latin1', 0, 2) === 'BM') return fromSamples(readBmp(bytes, assertSize), options);
  assertNotPam(bytes);
  if (isNetpbm(bytes)) {
    // A smaller maximum in the header declares which value is white.
    const isWhiteDeclared = netpbmMaximum(bytes) < 65535;
    const decoded = readNetpbm(bytes, assertSize);
    const opened = fromSamples(decoded, isWhiteDeclared ? { ...options, bitDepth: 16 } : options);
    if (isWhiteDeclared) delete opened.used;
    return opened;
  }
  return isTiff(bytes) ? openTiff(bytes, options, assertSize) : openWithSharp(bytes, options, assertSize);
}

async function openTiff(
  bytes: Buffer<ArrayBuffer>,
  options: PageOptions,
  assertSize: AssertSize,
): Promise<OpenedImage> {
  const file = TiffFile.of(bytes);
  const number = options.page ?? 1;
  const { width, height } = file.page(number);
  assertSize(width, height);
  const page = await file.verify(number);
  assertSupported(page);
  const opened = await openWithSharp(file.extractPage(number), options, assertSize, page);
  return { ...opened, pages: file.pages, notes: [...opened.notes, ...pageNotes(file, options.page)] };
}

/** @param tiff the page, if `bytes` are a TIFF file */
async function openWithSharp(
  bytes: Buffer,
  options: OpenOptions,
  assertSize: AssertSize,
  tiff?: TiffPage,
): Promise<OpenedImage> {
  const sharpOptions = {
    limitInputPixels: false,
    limitInputChannels: MAX_BANDS,
    failOn: tiff ? failOnFor(tiff) : 'error',
  } as const;
  const image = sharp(bytes, sharpOptions);
  const metadata = await image.metadata();
  const { format, width, height, depth, autoOrient, orientation = 1, pages = 1 } = metadata;
  if (!SHARP_FORMATS.has(format)) throw new DecodeError(`it is a ${format.toUpperCase()} file`);
  if (depth !== 'uchar' && depth !== 'ushort') throw new DecodeError(`its samples are of type ${depth}`);
  assertSize(width, height);

  const notes = formatNotes(metadata, tiff, format === 'png' ? countPngFrames(bytes) : pages);
  const extraBands = tiff?.extraBands ?? 0;

  const common = { width: autoOrient.width, height: autoOrient.height, orientation, pages: 1, notes };
  if (isPlainCmyk(metadata)) {
    return { ...common, pixels: sharpOf(await decodeCmyk(image)), depth: 8 };
  }
  if (depth === 'uchar' && !metadata.hasAlpha && extraBands === 0)
    return { ...common, pixels: image.autoOrient(), depth: 8 };

  const hasAlpha = tiff ? tiff.hasAlpha : metadata.hasAlpha;
  const decode = (ignoreIcc: boolean) =>
    decodeSamples(sharp(bytes, { ...sharpOptions, ignoreIcc }), metadata, hasAlpha);
  const hasColorProfile = metadata.hasProfile && metadata.space === 'rgb16';
  let samples = await decode(hasColorProfile);
  if (hasColorProfile) {
    // A profile describes samples that span all 16 bits.
    const bits = options.bitDepth ?? usedRange(samples.data as Uint16Array).bits;
    if (bits === 16) samples = await decode(false);
    else notes.push(ignoredProfileNote(bits));
  }
  const opened = fromSamples({ samples, notes }, options, metadata);
  return { ...opened, ...common, notes: opened.notes };
}

/** Makes samples opaque, scales fewer significant bits to 16, and applies gray color profiles, which sharp does not. */
function fromSamples(
  { samples, notes: found }: { samples: Samples; notes: readonly ReadingNote[] },
  { bitDepth }: OpenOptions,
  metadata?: Metadata,
): OpenedImage {
  const notes = [...found];
  const { width, height } = samples;
  const { data, channels, isClear } = flattenAlpha(samples);
  if (isClear) notes.push(CLEAR_NOTE);
  const common = { width, height, orientation: 1, pages: 1, notes };
  if (data instanceof Uint8Array)
    return { ...common, pixels: sharpOf({ data, width, height, channels }), depth: 8 };
  const used = usedRange(data);
  const bits = bitDepth ?? used.bits;
  if (bits < 16) {
    expandTo16Bits(data, bits);
    notes.push(bitDepthNote(bits, used.bits));
  }
  const table = metadata?.icc && metadata.channels <= 2 ? grayProfileTable(metadata.icc) : undefined;
  if (table) for (let i = 0; i < data.length; i++) data[i] = table[data[i]];
  return { ...common, pixels: sharpOf({ data, width, height, channels }), depth: 16, used };
}
