import { PerchError } from '../../common/api/errors.ts';
import { imageFormatNames } from '../../common/file-formats.ts';

/**
 * Why a file cannot be decoded, as the end of a sentence. Decoders of bytes throw it; their caller, which
 * knows the path, converts it to a `PerchError`.
 */
export class DecodeError extends Error {}

/**
 * Awaits a decoder. Converts every failure except a `PerchError` to a `NOT_AN_IMAGE` error that names the
 * file.
 */
export async function wrapDecodeError<Result>(path: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof PerchError) throw cause;
    throw new PerchError(
      'NOT_AN_IMAGE',
      `${path} is not an image that Perch can read: ${decodeReason(cause)}. Perch reads ${imageFormatNames}, 8 or 16 bit.`,
      cause,
    );
  }
}

/** Messages of libvips and its libraries that indicate a truncated or damaged file. */
const DAMAGED =
  /scanline 4294967295|Unknown error|Read error|unable to (read|write)|treated as error|Not enough data|premature end|out of order read|end of stream/i;

/** The message of a decoder, without the decoder's internal names and numbers. */
export function decodeReason(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  const line = text.split('\n')[0].trim().replace(/\.$/, '');
  if (cause instanceof DecodeError) return line;
  const [, compression] = /(\w+) compression support is not configured/.exec(line) ?? [];
  if (compression !== undefined)
    return `its ${compression} compression is not supported. Save it with deflate, LZW or without compression`;
  if (DAMAGED.test(line)) return 'it is truncated or damaged';
  if (/^Input (buffer|file) contains unsupported image format/.test(line))
    return 'its first bytes match no known format';
  return line
    .replace(/^Input (buffer|file) has corrupt header:? ?/, 'its header is damaged: ')
    .replace(/^its header is damaged: $/, 'its header is damaged')
    .replace(/\b(tiff2vips|pngload_buffer|VipsJpeg|webp2vips|vips\w*): */g, '');
}
