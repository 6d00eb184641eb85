import { open, rename, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import { openRegular } from '../../../files/read.ts';
import { writeError } from '../../../files/write.ts';
import { DecodeError } from '../decode-error.ts';
import { countPngFrames, formatNotes, isPlainCmyk, pageNotes } from '../format-notes.ts';
import { MAX_BANDS } from '../image-limits.ts';
import { SHARP_FORMATS } from '../open-image.ts';
import { readResolution } from '../resolution.ts';
import { assertSupported } from '../tiff/assert-supported.ts';
import { FileBytes } from '../tiff/file-bytes.ts';
import { UNCOMPRESSED } from '../tiff/tags.ts';
import { failOnFor, TiffFile } from '../tiff/tiff-file.ts';
import type { TiffPage } from '../tiff/tiff-page.ts';
import type { OpenedStream, SampleLayout, Work } from './stored-image.ts';

/** Header of libvips's own format, which precedes the samples. */
const VIPS_HEADER = 64;

/** Values of its field `BandFmt`. */
const BAND_FORMATS: Readonly<Record<number, 8 | 16>> = { 0: 8, 2: 16 };

/** libtiff reads a compressed strip as a whole. */
const MAX_COMPRESSED_CHUNK = 2 ** 28;

/** How often the size of the file is looked up for the progress. */
const POLL_MS = 200;

/** @param page number of the page from 1, if one is named; @throws DecodeError */
export async function openTiffStream(file: string, page: number | undefined): Promise<OpenedStream> {
  const { number, tiff, decoderPage, pages, notes } = await withTiff(file, async (opened) => {
    const wanted = page ?? 1;
    const read = opened.page(wanted);
    assertSupported(read);
    return {
      number: wanted,
      tiff: read,
      decoderPage: opened.decoderPage(wanted),
      pages: opened.pages,
      notes: pageNotes(opened, page),
    };
  });
  const options: SharpOptions = { page: decoderPage ?? 0, failOn: failOnFor(tiff), unlimited: true };
  const stream = await openWithSharp(file, options, { tiff, frames: 1 });
  const verify = () => withTiff(file, (opened) => opened.verify(number));
  const whole = tiffWhole(tiff, decoderPage);
  return {
    ...stream,
    pages,
    notes: [...stream.notes, ...notes],
    ...(tiff.resolution && { resolution: tiff.resolution }),
    ...(whole !== undefined && { whole }),
    async decode(...args) {
      await verify();
      return stream.decode(...args);
    },
  };
}

/** @param head the start of the file; @throws DecodeError */
export async function openSharpStream(file: string, head: Buffer): Promise<OpenedStream> {
  const frames = head[0] === 0x89 ? countPngFrames(head) : undefined;
  const stream = await openWithSharp(file, { failOn: 'error' }, { frames });
  const resolution = readResolution(head);
  return { ...stream, ...(resolution && { resolution }) };
}

async function withTiff<Result>(
  file: string,
  use: (tiff: TiffFile<FileBytes>) => Promise<Result>,
): Promise<Result> {
  await using handle = await openRegular(file);
  return await use(new TiffFile(new FileBytes(handle.fd)));
}

function tiffWhole({ compression, chunks }: TiffPage, decoderPage: number | undefined): string | undefined {
  if (decoderPage === undefined) return 'a slice of an ImageJ stack';
  const isLarge = compression !== UNCOMPRESSED && chunks.some(({ bytes }) => bytes > MAX_COMPRESSED_CHUNK);
  return isLarge ? 'a TIFF with very large compressed strips' : undefined;
}

/** @param frames number of frames; counted by sharp by default */
async function openWithSharp(
  file: string,
  options: SharpOptions,
  { tiff, frames }: { tiff?: TiffPage; frames: number | undefined },
): Promise<OpenedStream> {
  const imageOf = (ignoreIcc: boolean) =>
    sharp(file, {
      ...options,
      limitInputPixels: false,
      limitInputChannels: MAX_BANDS,
      sequentialRead: true,
      ignoreIcc,
    });
  const metadata = await imageOf(false).metadata();
  const { format, width, height, depth, space, channels, hasProfile, orientation = 1, pages = 1 } = metadata;
  if (!SHARP_FORMATS.has(format)) throw new DecodeError(`it is a ${format.toUpperCase()} file`);
  if (depth !== 'uchar' && depth !== 'ushort') throw new DecodeError(`its samples are of type ${depth}`);
  const isCmyk = isPlainCmyk(metadata);
  const isWide = depth === 'ushort';
  const hasAlpha = tiff ? tiff.hasAlpha : metadata.hasAlpha;
  // As `decodeSamples`. sharp applies the profiles of gray images with 8 bits, whose result has three bands.
  const isGray = space === 'grey16' || (space === 'b-w' && channels === 1 && !hasProfile);
  const isWideProfile = hasProfile && space === 'rgb16';
  const whole = wholeReason(metadata);
  return {
    width,
    height,
    orientation,
    pages: 1,
    isWideProfile,
    isWhiteDeclared: false,
    depth: isWide ? 16 : 8,
    notes: formatNotes(metadata, tiff, frames ?? pages),
    colors: isCmyk ? 'cmyk' : isGray ? 'gray' : 'rgb',
    hasAlpha: hasAlpha && !isCmyk,
    ...(whole !== undefined && { whole }),
    ...(isWide && metadata.icc && channels <= 2 && { grayProfile: metadata.icc.toString('base64') }),
    decode: (to, applyProfile, work) => {
      const image = imageOf(isWideProfile && !applyProfile);
      const space = isGray ? (isWide ? 'grey16' : 'b-w') : isWide ? 'rgb16' : 'srgb';
      const converted = isCmyk
        ? image.pipelineColourspace('cmyk').toColourspace('cmyk')
        : image.toColourspace(space);
      return decodeToVips(converted, to, width * height * channels * (isWide ? 2 : 1), work);
    },
  };
}

/** Why libvips decodes a file as a whole. */
function wholeReason({ format, isProgressive }: Metadata): string | undefined {
  if (format === 'webp') return 'a WebP file';
  if (format === 'png' && isProgressive) return 'an interlaced PNG';
  return format === 'jpeg' && isProgressive ? 'a progressive JPEG' : undefined;
}

/**
 * Writes an image in libvips's own format, which is uncompressed. Memory does not grow with its height.
 *
 * @param expected its approximate bytes, for the progress
 */
async function decodeToVips(
  image: Sharp,
  to: string,
  expected: number,
  { signal, report }: Work,
): Promise<SampleLayout> {
  // sharp derives the format from the name.
  const vips = `${to}.v`;
  const written = image.toFile(vips);
  const timer = setInterval(() => {
    void stat(vips).then(
      ({ size }) => report?.(Math.min(1, size / expected)),
      () => {},
    );
  }, POLL_MS);
  try {
    // libvips cannot be interrupted: it ends on its own, and its file is removed.
    await Promise.race([written, aborted(signal)]);
    return await takeVipsFile(vips, to);
  } catch (cause) {
    void written.catch(() => {}).finally(() => rm(vips, { force: true }));
    if (/no space left/i.test(String(cause)))
      throw writeError(to, Object.assign(new Error('disk full', { cause }), { code: 'ENOSPC' }));
    throw cause;
  } finally {
    clearInterval(timer);
  }
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason as Error);
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** Renames a file in libvips's format. @returns where its samples are */
async function takeVipsFile(vips: string, to: string): Promise<SampleLayout> {
  await rename(vips, to);
  await using file = await open(to);
  const { buffer: header } = await file.read(Buffer.alloc(VIPS_HEADER), 0, VIPS_HEADER, 0);
  const field = (at: number) => (os.endianness() === 'LE' ? header.readInt32LE(at) : header.readInt32BE(at));
  const [width, height, bands] = [4, 8, 12].map(field);
  const depth = BAND_FORMATS[field(20)];
  if (depth === undefined) throw new DecodeError('its samples have neither 8 nor 16 bits');
  return { width, height, depth, bands, offset: VIPS_HEADER };
}
