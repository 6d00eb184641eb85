import { crc32 } from 'node:zlib';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** Chunks that affect neither colors nor orientation. */
const HARMLESS_CHUNKS = new Set(
  'IHDR PLTE IDAT IEND sRGB sBIT bKGD hIST pHYs tEXt zTXt iTXt tIME'.split(' '),
);
/** The color types without alpha: gray, RGB and palette. */
const OPAQUE_TYPES = new Set([0, 2, 3]);

/**
 * Whether a file is a PNG that a browser displays exactly as the engine decodes it: complete according to its checksums, at most 8 bits
 * per sample, opaque, without a color profile or an orientation tag.
 */
export function isPassthroughPng(bytes: Buffer): boolean {
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) return false;
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 12 + bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (end > bytes.length || !HARMLESS_CHUNKS.has(type)) return false;
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) return false;
    if ((at === 8) !== (type === 'IHDR')) return false;
    if (type === 'IHDR' && (bytes[at + 16] > 8 || !OPAQUE_TYPES.has(bytes[at + 17]))) return false;
    if (type === 'IEND') return true;
    at = end;
  }
  return false;
}
