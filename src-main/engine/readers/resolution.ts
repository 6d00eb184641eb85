import type { PixelSize } from '../../common/scale.ts';
import { DirectoryReader } from './tiff/directory-reader.ts';
import { TAGS } from './tiff/tags.ts';

/** Millimeters per unit, by the unit of JFIF and of EXIF. */
const JFIF_UNITS: Readonly<Record<number, number>> = { 1: 25.4, 2: 10 };
const EXIF_UNITS: Readonly<Record<number, number>> = { 2: 25.4, 3: 10 };

/**
 * The resolution that a PNG, JPEG or BMP file declares; undefined if it declares none. EXIF has precedence over JFIF, as cameras write
 * the former. TIFF files: `TiffPage.resolution`.
 *
 * @param head the start of the file
 */
export function readResolution(head: Buffer): PixelSize | undefined {
  try {
    if (head.toString('latin1', 0, 2) === 'BM') return bmpResolution(head);
    if (head[0] === 0x89) return pngResolution(head);
    return head.readUInt16BE(0) === 0xffd8 ? jpegResolution(head) : undefined;
  } catch (cause) {
    if (cause instanceof RangeError) return undefined;
    throw cause;
  }
}

/** @param horizontal pixels per unit */
function perUnit(
  millimeters: number | undefined,
  horizontal: number,
  vertical: number,
): PixelSize | undefined {
  if (millimeters === undefined || !(horizontal > 0) || !(vertical > 0)) return undefined;
  return { x: millimeters / horizontal, y: millimeters / vertical };
}

function bmpResolution(head: Buffer): PixelSize | undefined {
  return head.readUInt32LE(14) < 40 ? undefined : perUnit(1000, head.readInt32LE(38), head.readInt32LE(42));
}

/** The chunk `pHYs`: pixels per meter if its unit is 1. */
function pngResolution(head: Buffer): PixelSize | undefined {
  for (let at = 8; at + 21 <= head.length; at += 12 + head.readUInt32BE(at)) {
    const type = head.toString('latin1', at + 4, at + 8);
    if (type === 'IDAT') return undefined;
    if (type === 'pHYs')
      return head[at + 16] === 1
        ? perUnit(1000, head.readUInt32BE(at + 8), head.readUInt32BE(at + 12))
        : undefined;
  }
  return undefined;
}

/** The segments APP0 (JFIF) and APP1 (EXIF). */
function jpegResolution(head: Buffer): PixelSize | undefined {
  let found: PixelSize | undefined;
  for (let at = 2; at + 4 <= head.length && head[at] === 0xff; at += 2 + head.readUInt16BE(at + 2)) {
    const marker = head[at + 1];
    if (marker === 0xda) break;
    const segment = head.subarray(at + 4, at + 2 + head.readUInt16BE(at + 2));
    if (marker === 0xe0 && segment.toString('latin1', 0, 5) === 'JFIF\0')
      found = perUnit(JFIF_UNITS[segment[7]], segment.readUInt16BE(8), segment.readUInt16BE(10));
    if (marker === 0xe1 && segment.toString('latin1', 0, 6) === 'Exif\0\0')
      found = exifResolution(segment.subarray(6)) ?? found;
  }
  return found;
}

function exifResolution(tiff: Buffer): PixelSize | undefined {
  try {
    const reader = new DirectoryReader(tiff);
    const unit = reader.value(reader.first, TAGS.resolutionUnit) ?? 2;
    const [horizontal = 0, vertical = 0] = [TAGS.xResolution, TAGS.yResolution].map((tag) =>
      reader.fraction(reader.first, tag),
    );
    return perUnit(EXIF_UNITS[unit], horizontal, vertical);
  } catch {
    // Decoders ignore damaged EXIF data as well.
    return undefined;
  }
}
