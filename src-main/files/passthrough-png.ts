import { crc32 } from 'node:zlib';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** Chunks that leave colours and orientation as the samples have them. */
const PLAIN = new Set('IHDR PLTE IDAT IEND sRGB sBIT bKGD hIST pHYs tEXt zTXt iTXt tIME'.split(' '));
/** Gray, RGB and palette: the colour types without transparency. */
const OPAQUE = new Set([0, 2, 3]);

/**
 * Whether a file is a PNG that every program shows alike: whole by its checksums, 8 bits a sample at most, opaque, with no colour
 * profile and no orientation.
 */
export function isPassthroughPng(bytes: Buffer): boolean {
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) return false;
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 12 + bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (end > bytes.length || !PLAIN.has(type)) return false;
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) return false;
    if ((at === 8) !== (type === 'IHDR')) return false;
    if (type === 'IHDR' && (bytes[at + 16] > 8 || !OPAQUE.has(bytes[at + 17]))) return false;
    if (type === 'IEND') return true;
    at = end;
  }
  return false;
}
