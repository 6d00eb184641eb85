import { open, rm } from 'node:fs/promises';
import { PerchError } from '../../../common/api/errors.ts';
import { wrapDecodeError } from '../decode-error.ts';
import { CLEAR_NOTE, ignoredProfileNote } from '../format-notes.ts';
import { openImage } from '../open-image.ts';
import { readImageFile } from '../read-image-file.ts';
import { orientedResolution } from '../orientation.ts';
import type { PixelBlock } from '../pixel-source.ts';
import { RowWriter } from './row-writer.ts';
import { scanAlpha, scanUsed } from './scan-samples.ts';
import type { OpenedStream, SampleLayout, StoredImage, Work } from './stored-image.ts';

/** Images up to this size are decoded at once, like those that are inspected at once. */
const WHOLE_PIXELS = 2 ** 24;

/** The largest image of a format that cannot be decoded piece by piece. */
const MAX_WHOLE_PIXELS = 64e6;

/** The share of the progress that decoding takes if a scan for the used range follows. */
const DECODING = 0.7;

interface PixelOptions extends Work {
  /** Significant bits of 16-bit samples with a color profile, which depends on them. Others are stored as they are. */
  bitDepth?: number | undefined;
}

/** Whether a file is decoded at once. @throws PerchError `IMAGE_TOO_LARGE` if it has to be and is too large */
export function isDecodedWhole(path: string, { width, height, whole }: OpenedStream): boolean {
  const pixels = width * height;
  if (whole === undefined || pixels <= MAX_WHOLE_PIXELS) return whole !== undefined || pixels <= WHOLE_PIXELS;
  throw new PerchError(
    'IMAGE_TOO_LARGE',
    `${path} has ${width} x ${height} pixels and is ${whole}, which has to be in memory as a whole. The limit for such files is ` +
      `${MAX_WHOLE_PIXELS / 1e6} megapixels. Save it as TIFF.`,
  );
}

/** Whether it has 16-bit samples with a color profile, which are stored for one bit depth. */
export function isStoredForBitDepth({ depth, isWideProfile, grayProfile }: OpenedStream): boolean {
  return depth === 16 && (isWideProfile || grayProfile !== undefined);
}

/** Decodes an image file to a new file. @throws PerchError as `decodeImage` */
export async function makePixels(
  path: string,
  stream: OpenedStream,
  to: string,
  options: PixelOptions,
): Promise<StoredImage> {
  if (!isDecodedWhole(path, stream)) return makeFromStream(path, stream, to, options);
  const { block, ...rest } = await decodeWhole(path, stream, options);
  await using writer = await RowWriter.create(to);
  await writer.write(block.data);
  options.report?.(1);
  return { ...rest, ...layoutOf(block) };
}

function layoutOf({ data, width, height, channels }: PixelBlock): SampleLayout {
  return { width, height, bands: channels, depth: data instanceof Uint16Array ? 16 : 8, offset: 0 };
}

/** Decodes a small image at once. Its 16-bit samples keep their values, except with a color profile. */
export async function decodeWhole(
  path: string,
  stream: OpenedStream,
  { bitDepth }: PixelOptions,
): Promise<Omit<StoredImage, keyof SampleLayout> & { block: PixelBlock }> {
  const isFinished = isStoredForBitDepth(stream);
  const bytes = await readImageFile(path);
  const opened = await openImage(path, bytes, {
    maxPixels: MAX_WHOLE_PIXELS,
    bitDepth: isFinished ? bitDepth : 16,
  });
  const { used, notes } = opened;
  const { colors, orientation } = stream;
  const resolution = stream.resolution && orientedResolution(stream.resolution, orientation);
  const isWide = opened.depth === 16;
  const isGray = colors === 'gray';
  const { data, info } = await wrapDecodeError(
    path,
    opened.pixels
      .toColourspace(isGray ? (isWide ? 'grey16' : 'b-w') : isWide ? 'rgb16' : 'srgb')
      .raw({ depth: isWide ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true }),
  );
  const { width, height } = info;
  const channels = info.channels as PixelBlock['channels'];
  const samples = isWide
    ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
    : new Uint8Array(data.buffer, data.byteOffset, data.length);
  return {
    block: { data: samples as PixelBlock['data'], width, height, channels },
    colors: isGray ? 'gray' : 'rgb',
    hasAlpha: false,
    isClear: false,
    orientation: 1,
    notes,
    ...(isFinished && { isFinished }),
    ...(used && { used }),
    ...(resolution && { resolution }),
  };
}

/** Decodes an image piece by piece. */
export async function makeFromStream(
  path: string,
  stream: OpenedStream,
  to: string,
  { bitDepth, signal, report }: PixelOptions,
): Promise<StoredImage> {
  const { colors, hasAlpha, orientation, depth, grayProfile, resolution, isWideProfile, isWhiteDeclared } =
    stream;
  const isScanned = depth === 16 && !isWhiteDeclared;
  const decode = async (applyProfile: boolean) => {
    const work = { signal, report: (done: number) => report?.(isScanned ? DECODING * done : done) };
    const layout = await wrapDecodeError(path, stream.decode(to, applyProfile, work));
    await using file = await open(to);
    const isClear = await scanAlpha(file, path, layout, stream, signal);
    const image = { ...layout, colors, hasAlpha, isClear, orientation };
    if (!isScanned) return image;
    const scan = { signal, report: (done: number) => report?.(DECODING + (1 - DECODING) * done) };
    return { ...image, used: await scanUsed(file, path, image, scan) };
  };
  const notes = [...stream.notes];
  let image = await decode(false);
  if (isWideProfile) {
    // A profile describes samples that span all 16 bits.
    const bits = bitDepth ?? ('used' in image ? image.used.bits : 16);
    if (bits === 16) {
      await rm(to);
      image = await decode(true);
    } else notes.push(ignoredProfileNote(bits));
  }
  if (image.isClear) notes.push(CLEAR_NOTE);
  return {
    ...image,
    notes,
    ...(grayProfile !== undefined && { grayProfile }),
    ...(resolution && { resolution }),
  };
}
