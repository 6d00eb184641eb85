import { promisify } from 'node:util';
import { crc32, inflate } from 'node:zlib';
import type { Size } from '../../common/geometry.ts';
import { removeFilter } from '../../common/maps/png-filters.ts';

/** A PNG file with one byte per pixel that needs no interpretation: the form of nearly all masks. */
interface PlainPng extends Size {
  /** Its gray values; undefined if the file is damaged. */
  read(): Promise<Uint8Array<ArrayBuffer> | undefined>;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Depth 8, gray, deflate, the five filters, not interlaced. */
const PLAIN = Buffer.from([8, 0, 0, 0, 0]);
/** Further chunks that do not affect the values. */
const HARMLESS: ReadonlySet<string> = new Set(['pHYs', 'tIME', 'gAMA', 'cHRM', 'sRGB']);
/** Larger files are decoded in pieces, by libvips. */
const MAX_PIXELS = 2 ** 26;

const decompress = promisify(inflate);

/** Opens a plain 8-bit gray PNG. Returns undefined for all other and for damaged files, which sharp reads or explains. */
export function openPlainPng(bytes: Buffer<ArrayBuffer>): PlainPng | undefined {
  if (bytes.length < 33 || bytes.compare(SIGNATURE, 0, 8, 0, 8) !== 0) return undefined;
  if (bytes.toString('latin1', 12, 16) !== 'IHDR' || bytes.compare(PLAIN, 0, 5, 24, 29) !== 0)
    return undefined;
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (width === 0 || height === 0 || width * height > MAX_PIXELS) return undefined;
  const packed = packedPixels(bytes);
  return packed && { width, height, read: () => readPixels(packed, { width, height }) };
}

/** The contents of the IDAT chunks. */
function packedPixels(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> | undefined {
  const parts: Buffer<ArrayBuffer>[] = [];
  for (let at = 8; at + 12 <= bytes.length;) {
    const [length, name] = [bytes.readUInt32BE(at), bytes.toString('latin1', at + 4, at + 8)];
    const end = at + 12 + length;
    if (end > bytes.length) return undefined;
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) return undefined;
    if (name === 'IEND') return parts.length === 1 ? parts[0] : Buffer.concat(parts);
    if (name === 'IDAT') parts.push(bytes.subarray(at + 8, end - 4));
    else if (at > 8 && !HARMLESS.has(name)) return undefined;
    at = end;
  }
  return undefined;
}

async function readPixels(
  packed: Buffer<ArrayBuffer>,
  { width, height }: Size,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const length = (width + 1) * height;
  // Decompressed into one buffer. By default, zlib decompresses 16 KiB at a time.
  const lines = await decompress(packed, { chunkSize: length + 64, maxOutputLength: length }).catch(
    () => undefined,
  );
  if (lines?.length !== length) return undefined;
  let above: Uint8Array = new Uint8Array(width);
  for (let y = 0; y < height; y++) {
    const type = lines[y * (width + 1)];
    if (type > 4) return undefined;
    // Lines move to the start of the buffer, over the types of the filters.
    lines.copyWithin(y * width, y * (width + 1) + 1, (y + 1) * (width + 1));
    const line = lines.subarray(y * width, (y + 1) * width);
    removeFilter(type, line, above);
    above = line;
  }
  return new Uint8Array(lines.buffer, lines.byteOffset, width * height);
}
