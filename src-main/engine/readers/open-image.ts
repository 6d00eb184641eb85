import sharp, { type Metadata, type Sharp } from 'sharp';
import { imageFormatNames } from '../../common/file-formats.ts';
import { PerchError } from '../../common/api/errors.ts';
import type { ReadingNote } from '../../common/api/reading-notes.ts';
import { splitPage } from '../../files/paged-path.ts';
import { readInputFile } from '../../files/read.ts';
import { spreadOver16, type UsedRange, usedRange } from './bit-depth.ts';
import { readBmp } from './bmp.ts';
import { grayProfileTable } from './gray-profile.ts';
import { isNetpbm, netpbmMaximum, readNetpbm } from './netpbm.ts';
import { readPagedFile } from './paged-file.ts';
import { type CheckSize, type Samples, Unreadable } from './samples.ts';
import { readTiffNumbers, type TiffNumbers } from './tiff-numbers.ts';
import { FLOAT, isTiff, TiffFile, tiffFailOn, type TiffPage, UNSIGNED } from './tiff.ts';

/** How an image is read. */
export interface OpenOptions {
  /** Images of more pixels are refused. */
  maxPixels: number;
  /** Bits that are in use in 16-bit files; found from the values of the image itself where absent. */
  bitDepth?: number | undefined;
}

/** An image that was opened, on its way to pixels. */
export interface OpenedImage {
  /** Oriented, opaque, gray or RGB, over the whole range of its depth. Its color profile is applied or yet to be. */
  pixels: Sharp;
  /** Size in pixels, after EXIF orientation. */
  width: number;
  height: number;
  /** Bits a channel that are kept: 16 where the file has more than 8. */
  depth: 8 | 16;
  /** EXIF orientation that was applied, 1 to 8. */
  orientation: number;
  /** Images in the file. */
  pages: number;
  /** For 16-bit files that do not say what white is: the range of the image's own values. */
  used?: UsedRange;
  /** What was left out, guessed or changed. */
  notes: ReadingNote[];
}

/** Rows or columns of an image. With more, the work for each of them takes minutes whatever is in it. */
const MAX_SIDE = 2 ** 20;

/** Bands of an image, those that are ignored included; all of them are decoded. */
const MAX_BANDS = 16;

/** Formats that sharp reads for Perch, by its names. BMP and Netpbm, which its build lacks, have readers of their own. */
const BY_SHARP = new Set(['png', 'jpeg', 'tiff', 'webp']);

/**
 * The bytes of an image file; the page of `FILE#N` is left to `openImageOf`.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `IMAGE_TOO_LARGE`
 */
export function readImageFile(path: string): Promise<Buffer<ArrayBuffer>> {
  const { file, page } = splitPage(path);
  return page === undefined ? readInputFile(file) : readPagedFile(file);
}

/**
 * Opens an image whose bytes were read.
 *
 * @param path of the file, `FILE#N` for a page of it; the first page without
 * @throws PerchError `NOT_AN_IMAGE`, `IMAGE_TOO_LARGE`
 */
export async function openImageOf(
  path: string,
  bytes: Buffer<ArrayBuffer>,
  options: OpenOptions,
): Promise<OpenedImage> {
  return orRefuse(
    path,
    open(bytes, { ...options, page: splitPage(path).page }, checkSize(path, options.maxPixels)),
  );
}

/** Samples as the file has them, alpha and all, before they mean light: what masks are read from. */
export interface OpenedSamples {
  width: number;
  height: number;
  /** Whether values may be off by the compression, as those of JPEG are. */
  isLossy: boolean;
  /** Images in the file. */
  pages: number;
  samples(): Promise<Samples>;
}

/**
 * Opens the samples of a mask: oriented, palettes expanded, color profiles left alone. TIFF may hold signed, 32-bit and floating
 * point numbers as well.
 *
 * @throws PerchError as `openImageOf`; `samples` too
 */
export async function openSamples(
  path: string,
  bytes: Buffer<ArrayBuffer>,
  maxPixels: number,
): Promise<OpenedSamples> {
  const opened = await orRefuse(
    path,
    samplesOf(bytes, splitPage(path).page ?? 1, checkSize(path, maxPixels)),
  );
  return { ...opened, samples: () => orRefuse(path, opened.samples()) };
}

async function samplesOf(
  bytes: Buffer<ArrayBuffer>,
  number: number,
  check: CheckSize,
): Promise<OpenedSamples> {
  if (bytes.length === 0) throw new Unreadable('it is empty');
  const isBmp = bytes.toString('latin1', 0, 2) === 'BM';
  if (isBmp || isNetpbm(bytes)) {
    const { samples } = isBmp ? readBmp(bytes, check) : readNetpbm(bytes, check);
    const { width, height } = samples;
    return { width, height, isLossy: false, pages: 1, samples: async () => samples };
  }
  const file = isTiff(bytes) ? TiffFile.of(bytes) : undefined;
  const page = file?.page(number);
  if (page) check(page.width, page.height);
  if (file && page && (page.format !== UNSIGNED || page.bits > 16) && page.bands === 1) {
    const { width, height } = page;
    return {
      width,
      height,
      isLossy: false,
      pages: file.pages,
      samples: async () => samplesOfNumbers(await readTiffNumbers(file, number)),
    };
  }
  if (page) refuseTypes(page);
  const source = file?.alone(number) ?? bytes;
  const options = {
    limitInputPixels: false,
    limitInputChannels: MAX_BANDS,
    failOn: page ? tiffFailOn(page) : 'error',
    ignoreIcc: true,
  } as const;
  const image = sharp(source, options);
  const metadata = await image.metadata();
  const { format, depth, autoOrient } = metadata;
  if (!BY_SHARP.has(format)) throw new Unreadable(`it is ${format.toUpperCase()}`);
  if (depth !== 'uchar' && depth !== 'ushort') throw new Unreadable(`its samples are of type ${depth}`);
  check(metadata.width, metadata.height);
  return {
    width: autoOrient.width,
    height: autoOrient.height,
    isLossy: format === 'jpeg',
    pages: file?.pages ?? 1,
    samples: async () => {
      await file?.verify(number);
      return decodedSamples(image, metadata, page ? page.hasAlpha : metadata.hasAlpha);
    },
  };
}

/** Whole numbers that 8 or 16 bits hold stay as they are; others are spread from 0 to the largest over 16 bits. */
function samplesOfNumbers({ values, width, height }: TiffNumbers): Samples {
  let largest = 0;
  let areWhole = true;
  for (let i = 0; i < values.length; i++) {
    if (values[i] > largest) largest = values[i];
    areWhole &&= Number.isInteger(values[i]);
  }
  const of = { width, height, channels: 1 } as const;
  const positive = (value: number) => Math.max(value, 0);
  if (areWhole && largest <= 255) return { data: Uint8Array.from(values, positive), ...of };
  if (areWhole && largest <= 65535) return { data: Uint16Array.from(values, positive), ...of };
  const spread = (value: number) => (value > 0 ? Math.max(1, Math.round((value * 65535) / largest)) : 0);
  return { data: Uint16Array.from(values, spread), ...of };
}

async function open(
  bytes: Buffer<ArrayBuffer>,
  options: OpenOptions & { page: number | undefined },
  check: CheckSize,
): Promise<OpenedImage> {
  if (bytes.length === 0) throw new Unreadable('it is empty');
  if (bytes.toString('latin1', 0, 2) === 'BM') return ofSamples(readBmp(bytes, check), options);
  if (isPam(bytes)) throw new Unreadable('it is PAM (P7). Save it as PGM or PPM');
  if (isNetpbm(bytes)) {
    // A maximum below that of 16 bits is what white is; nothing has to be found out.
    const isOpenEnded = netpbmMaximum(bytes) === 65535;
    const opened = ofSamples(readNetpbm(bytes, check), isOpenEnded ? options : { ...options, bitDepth: 16 });
    if (!isOpenEnded) delete opened.used;
    return opened;
  }
  return isTiff(bytes) ? openTiff(bytes, options, check) : openBySharp(bytes, options, check);
}

async function openTiff(
  bytes: Buffer<ArrayBuffer>,
  options: OpenOptions & { page: number | undefined },
  check: CheckSize,
): Promise<OpenedImage> {
  const file = TiffFile.of(bytes);
  const number = options.page ?? 1;
  const { width, height } = file.page(number);
  check(width, height);
  const page = await file.verify(number);
  refuseTypes(page);
  const opened = await openBySharp(file.alone(number), options, check, page);
  const notes = [...opened.notes];
  if (options.page === undefined && file.pages > 1) {
    const others = `The other ${file.pages - 1} ${file.pages === 2 ? 'is' : 'are'} left out; FILE#2 names the second`;
    notes.push({ kind: 'pages', message: `This is page 1 of ${file.pages}. ${others}.` });
  }
  if (file.leftOut > 0)
    notes.push({
      kind: 'pages',
      message: `${counted(file.leftOut, 'thumbnail')} of the file ${file.leftOut === 1 ? 'is' : 'are'} left out.`,
    });
  return { ...opened, pages: file.pages, notes };
}

const isPam = (bytes: Buffer) => /^P7\s/.test(bytes.toString('latin1', 0, 3));

/** `PhotometricInterpretation` of CIE L*a*b*. */
const CIELAB = 8;

/** What sharp would read as something that it is not. */
function refuseTypes({ bands, bits, format, isPlanar, isTiled, photometric }: TiffPage): void {
  if (format === FLOAT) {
    throw new Unreadable(
      `its samples are ${bits}-bit floating point numbers, whose range is not known. Save it with 8 or 16 bits`,
    );
  }
  if (format !== 1)
    throw new Unreadable('its samples are signed numbers. Save it with 8 or 16 bits, unsigned');
  if (bands > MAX_BANDS)
    throw new Unreadable(
      `it has ${bands} bands, and at most ${MAX_BANDS} are read. Save red, green and blue, or one band`,
    );
  if (isPlanar && isTiled)
    throw new Unreadable('its bands lie in tiles of their own. Save it with interleaved bands, or in strips');
  if (photometric === CIELAB) throw new Unreadable('its colors are CIELab. Save it as RGB');
  if (![1, 2, 4, 8, 16].includes(bits))
    throw new Unreadable(`it has ${bits} bits a sample. Save it with 8 or 16 bits`);
}

async function openBySharp(
  bytes: Buffer,
  options: OpenOptions,
  check: CheckSize,
  tiff?: TiffPage,
): Promise<OpenedImage> {
  const failOn = tiff ? tiffFailOn(tiff) : 'error';
  const image = sharp(bytes, { limitInputPixels: false, limitInputChannels: MAX_BANDS, failOn });
  const metadata = await image.metadata();
  const { format, width, height, depth, autoOrient, orientation = 1, pages = 1 } = metadata;
  if (!BY_SHARP.has(format)) throw new Unreadable(`it is ${format.toUpperCase()}`);
  if (depth !== 'uchar' && depth !== 'ushort') throw new Unreadable(`its samples are of type ${depth}`);
  check(width, height);
  const notes: ReadingNote[] = [];
  if (orientation > 1)
    notes.push({ kind: 'orientation', message: `Its EXIF orientation ${orientation} is applied.` });
  const frames = format === 'png' ? pngFrames(bytes) : pages;
  if (!tiff && frames > 1)
    notes.push({ kind: 'pages', message: `This is frame 1 of ${frames}. The others are left out.` });
  const extraBands = tiff?.extraBands ?? 0;
  if (extraBands > 0)
    notes.push({ kind: 'extra-bands', message: extraBandsMessage(metadata.channels, extraBands) });
  const common = { width: autoOrient.width, height: autoOrient.height, orientation, pages: 1, notes };
  if (depth === 'uchar' && metadata.space === 'cmyk' && !metadata.hasProfile && metadata.channels === 4) {
    notes.push({
      kind: 'profile',
      message: 'It is CMYK without a color profile. Its inks are taken as they are.',
    });
    return { ...common, pixels: rawImage(await lightOfInks(image)), depth: 8 };
  }
  if (depth === 'uchar' && !metadata.hasAlpha && extraBands === 0)
    return { ...common, pixels: image.autoOrient(), depth: 8 };

  const decode = (ignoreIcc: boolean) =>
    decodedSamples(
      sharp(bytes, { limitInputPixels: false, limitInputChannels: MAX_BANDS, failOn, ignoreIcc }),
      metadata,
      tiff ? tiff.hasAlpha : metadata.hasAlpha,
    );
  const hasColorProfile = metadata.hasProfile && metadata.space === 'rgb16';
  let samples = await decode(hasColorProfile);
  if (hasColorProfile) {
    // A profile is of values over the whole range.
    const bits = options.bitDepth ?? usedRange(samples.data as Uint16Array).bits;
    if (bits === 16) samples = await decode(false);
    else
      notes.push({
        kind: 'profile',
        message: `Its color profile is not applied, for it is read as ${bits} bit.`,
      });
  }
  const opened = ofSamples({ samples, notes }, options, metadata);
  return { ...opened, ...common, notes: opened.notes };
}

/** Frames of an animated PNG, which libpng takes for a still one; they are counted by the chunk `acTL` before the pixels. */
function pngFrames(bytes: Buffer): number {
  for (let at = 8; at + 16 <= bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'acTL') return bytes.readUInt32BE(at + 8);
    if (type === 'IDAT') break;
  }
  return 1;
}

/** RGB of 8-bit CMYK as if inks were ideal: what most programs show. */
async function lightOfInks(image: Sharp): Promise<Samples> {
  const { data, info } = await image
    .autoOrient()
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const light = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++)
    for (let ink = 0; ink < 3; ink++)
      light[3 * i + ink] = Math.round(((255 - data[4 * i + ink]) * (255 - data[4 * i + 3])) / 255);
  return { data: light, width, height, channels: 3 };
}

function extraBandsMessage(bands: number, extra: number): string {
  if (extra === 1) return `Band ${bands} of ${bands} is not declared as alpha and is ignored.`;
  return `${extra} of its ${bands} bands are neither color nor declared as alpha and are ignored.`;
}

/** Decodes to gray or RGB with alpha where there is one, extra bands left out. */
async function decodedSamples(
  image: Sharp,
  { depth, space, channels: stored }: Metadata,
  hasAlpha: boolean,
): Promise<Samples> {
  const isWide = depth === 'ushort';
  // In the color space `b-w`, libvips drops every other band.
  const isGray = space === 'grey16' || (space === 'b-w' && stored === 1);
  const { data, info } = await image
    .autoOrient()
    .toColourspace(isGray ? (isWide ? 'grey16' : 'b-w') : isWide ? 'rgb16' : 'srgb')
    .raw({ depth: isWide ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels: bands } = info;
  const all = isWide
    ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
    : new Uint8Array(data.buffer, data.byteOffset, data.length);
  const colors = isGray ? 1 : 3;
  const channels = (colors + (hasAlpha ? 1 : 0)) as Samples['channels'];
  if (channels > bands) throw new Unreadable('it has fewer bands than it says');
  if (channels === bands) return { data: all as Samples['data'], width, height, channels };
  const count = width * height;
  const kept = isWide ? new Uint16Array(count * channels) : new Uint8Array(count * channels);
  for (let i = 0; i < count; i++)
    for (let channel = 0; channel < channels; channel++)
      kept[i * channels + channel] = all[i * bands + channel];
  return { data: kept, width, height, channels };
}

/** Makes decoded samples opaque, spreads fewer bits than 16 over 16, and applies a gray profile that sharp does not apply. */
function ofSamples(
  { samples, notes: found }: { samples: Samples; notes: readonly ReadingNote[] },
  { bitDepth }: OpenOptions,
  metadata?: Metadata,
): OpenedImage {
  const notes = [...found];
  const { width, height } = samples;
  const { data, channels, isClear } = opaque(samples);
  if (isClear)
    notes.push({ kind: 'transparency', message: 'It is wholly transparent. Its transparency is ignored.' });
  const common = { width, height, orientation: 1, pages: 1, notes };
  if (data instanceof Uint8Array)
    return { ...common, pixels: rawImage({ data, width, height, channels }), depth: 8 };
  const used = usedRange(data);
  const bits = bitDepth ?? used.bits;
  if (bits < 16) {
    spreadOver16(data, bits);
    notes.push({ kind: 'bit-depth', message: depthMessage(bits, used.bits) });
  }
  const table = metadata?.icc && metadata.channels <= 2 ? grayProfileTable(metadata.icc) : undefined;
  if (table) for (let i = 0; i < data.length; i++) data[i] = table[data[i]];
  return { ...common, pixels: rawImage({ data, width, height, channels }), depth: 16, used };
}

function depthMessage(bits: number, usedBits: number): string {
  if (bits === usedBits) return `${bits} of its 16 bits are in use. It is read as ${bits} bit.`;
  const what = `It is read as ${bits} bit; its values need ${usedBits}.`;
  return usedBits > bits ? `${what} Brighter ones are white.` : what;
}

function rawImage({ data, width, height, channels }: Samples): Sharp {
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
}

/** Lays transparency on black. Alpha that is 0 all over says nothing, and is dropped. */
function opaque(samples: Samples): { data: Samples['data']; channels: 1 | 3; isClear: boolean } {
  const { data, channels } = samples;
  if (channels === 1 || channels === 3) return { data, channels, isClear: false };
  const colors = channels === 2 ? 1 : 3;
  const white = data instanceof Uint16Array ? 65535 : 255;
  const count = data.length / channels;
  let isClear = true;
  for (let i = colors; i < data.length && isClear; i += channels) isClear = data[i] === 0;
  const laid = data instanceof Uint16Array ? new Uint16Array(count * colors) : new Uint8Array(count * colors);
  for (let i = 0; i < count; i++) {
    const alpha = isClear ? white : data[i * channels + colors];
    for (let color = 0; color < colors; color++) {
      const value = data[i * channels + color];
      laid[i * colors + color] = alpha === white ? value : Math.round((value * alpha) / white);
    }
  }
  return { data: laid, channels: colors, isClear };
}

function checkSize(path: string, maxPixels: number): CheckSize {
  return (width, height) => {
    if (width < 1 || height < 1) throw new Unreadable('it has no pixels');
    if (Math.max(width, height) > MAX_SIDE) {
      throw new PerchError(
        'IMAGE_TOO_LARGE',
        `${path} has ${width} x ${height} pixels; a side may have ${MAX_SIDE.toLocaleString('en')} at most. Cut the image into parts.`,
      );
    }
    if (width * height <= maxPixels) return;
    const megapixels = (pixels: number) => `${Math.round(pixels / 1e5) / 10} megapixels`;
    throw new PerchError(
      'IMAGE_TOO_LARGE',
      `${path} has ${width} x ${height} pixels (${megapixels(width * height)}); the limit is ${megapixels(maxPixels)}. ` +
        'Raise it with --max-pixels, or cut the image into parts.',
    );
  };
}

/** Waits for a decoder; what it cannot decode becomes a typed error that names the file. */
export async function orRefuse<Result>(path: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof PerchError) throw cause;
    throw new PerchError(
      'NOT_AN_IMAGE',
      `${path} is not an image that Perch can read: ${reasonOf(cause)}. Perch reads ${imageFormatNames}, 8 or 16 bit.`,
      cause,
    );
  }
}

/** What a decoder said, without its own names and numbers that mean nothing. */
export function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  const first = text.split('\n')[0].trim().replace(/\.$/, '');
  if (cause instanceof Unreadable) return first;
  const [, compression] = /(\w+) compression support is not configured/.exec(first) ?? [];
  if (compression !== undefined)
    return `its compression, ${compression}, is not read. Save it with deflate, LZW or without compression`;
  if (
    /scanline 4294967295|Unknown error|Read error|unable to (read|write)|treated as error|Not enough data|premature end|out of order read|end of stream/i.test(
      first,
    )
  )
    return 'it is cut off or damaged';
  if (/^Input (buffer|file) contains unsupported image format/.test(first))
    return 'it starts as no format that is known';
  return first
    .replace(/^Input (buffer|file) has corrupt header:? ?/, 'its header is damaged: ')
    .replace(/^its header is damaged: $/, 'its header is damaged')
    .replace(/\b(tiff2vips|pngload_buffer|VipsJpeg|webp2vips|vips\w*): */g, '');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
