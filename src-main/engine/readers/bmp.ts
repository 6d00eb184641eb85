import type { ReadingNote } from '../../common/api/reading-notes.ts';
import { DecodeError } from './decode-error.ts';
import type { AssertSize } from './image-limits.ts';
import type { Samples } from './samples.ts';

/** Values of `biCompression`. */
const RGB = 0;
const RLE8 = 1;
const RLE4 = 2;
const BITFIELDS = 3;
const ALPHABITFIELDS = 6;

/** Supported bits per pixel, by compression. */
const BITS: Record<number, readonly number[]> = {
  [RGB]: [1, 4, 8, 16, 24, 32],
  [RLE8]: [8],
  [RLE4]: [4],
  [BITFIELDS]: [16, 32],
  [ALPHABITFIELDS]: [16, 32],
};

/** Known compressions that are not supported. */
const UNSUPPORTED: Record<number, string> = { 4: 'an embedded JPEG', 5: 'an embedded PNG' };

/** Default bit masks of 16-bit pixels: five bits per channel. */
const RGB555 = [0x7c00, 0x3e0, 0x1f, 0];

/** Values of `bV5CSType` for an embedded or linked profile: 'MBED' and 'LINK'. */
const PROFILES = new Set([0x4d424544, 0x4c494e4b]);

interface Header {
  width: number;
  height: number;
  topDown: boolean;
  bits: number;
  compression: number;
  /** Offset of the pixels. */
  pixels: number;
  /** RGB triples; empty without a palette. */
  palette: Uint8Array;
  /** Bit masks of red, green, blue and alpha, for 16 and 32 bits. */
  masks: readonly number[];
  hasProfile: boolean;
}

/**
 * Decodes a BMP: 1, 4 and 8 bits with a palette, 16, 24 and 32 bits with and without bit masks, RLE4 and RLE8; headers of OS/2 1.x and
 * 2.x and of Windows 3 to 5; bottom-up and top-down. No package on npm reads all of these.
 *
 * Alpha is read if a bit mask declares it. Otherwise the fourth byte of 32-bit pixels is padding.
 *
 * @throws DecodeError; what `assertSize` throws
 */
export function readBmp(bytes: Buffer, assertSize: AssertSize): { samples: Samples; notes: ReadingNote[] } {
  const header = readHeader(bytes);
  assertSize(header.width, header.height);
  const notes = profileNotes(header);
  if (header.bits > 8) return { samples: directPixels(bytes, header), notes };
  const { indices, missing } =
    header.compression === RGB
      ? { indices: packedIndices(bytes, header), missing: 0 }
      : runLengthIndices(bytes, header);
  if (missing > 0) {
    const message = `Its run-length code skips ${missing} pixels, which get color 0 of the palette.`;
    notes.push({ kind: 'pixels', message });
  }
  return { samples: colorPixels(indices, header), notes };
}

/** A BMP whose rows can be decoded one by one, unless they have a run-length code. */
export interface BmpRows {
  width: number;
  height: number;
  channels: Samples['channels'];
  depth: 8 | 16;
  isRunLength: boolean;
  notes: ReadingNote[];
  /** Offset of the first row in the file, and bytes from row to row. */
  start: number;
  rowBytes: number;
  /** Whether the first row in the file is the top one. */
  topDown: boolean;
  /** @param bytes those of whole rows; @returns their samples from the top; @throws DecodeError */
  decode(bytes: Buffer): Samples['data'];
}

/** Reads a header. @param fileBytes size of the file; @throws DecodeError */
export function bmpRows(head: Buffer, fileBytes: number): BmpRows {
  const header = readHeader(head, fileBytes);
  const { width, height, bits, topDown, pixels } = header;
  const rowBytes = rowStride(header);
  const decode = (bytes: Buffer) => {
    const part = { ...header, height: bytes.length / rowBytes, pixels: 0 };
    return bits > 8 ? directPixels(bytes, part) : colorPixels(packedIndices(bytes, part), part);
  };
  const isRunLength = header.compression === RLE4 || header.compression === RLE8;
  const { channels, data } = isRunLength
    ? { channels: 3 as const, data: new Uint8Array() }
    : decode(Buffer.alloc(rowBytes));
  return {
    width,
    height,
    channels,
    isRunLength,
    topDown,
    rowBytes,
    start: pixels,
    depth: data instanceof Uint16Array ? 16 : 8,
    notes: profileNotes(header),
    decode: (bytes) => decode(bytes).data,
  };
}

function profileNotes({ hasProfile }: Header): ReadingNote[] {
  return hasProfile
    ? [{ kind: 'profile', message: 'Its color profile is not applied. BMP is read as sRGB.' }]
    : [];
}

function readHeader(bytes: Buffer, fileBytes = bytes.length): Header {
  if (bytes.length < 26) throw new DecodeError('it is truncated in its header');
  const headerSize = bytes.readUInt32LE(14);
  const isKnown =
    headerSize === 12 || (headerSize >= 16 && headerSize <= 64) || [108, 124].includes(headerSize);
  if (!isKnown) throw new DecodeError(`it is a BMP with an unknown header of ${headerSize} bytes`);
  if (14 + headerSize > bytes.length) throw new DecodeError('it is truncated in its header');
  const isCore = headerSize === 12;
  const field = (offset: number) => (offset + 4 <= headerSize ? bytes.readUInt32LE(14 + offset) : 0);

  const width = isCore ? bytes.readUInt16LE(18) : bytes.readInt32LE(18);
  const signedHeight = isCore ? bytes.readUInt16LE(20) : bytes.readInt32LE(22);
  const bits = bytes.readUInt16LE(isCore ? 24 : 28);
  const compression = isCore ? RGB : field(16);
  const isOs2 = headerSize === 64 || (headerSize > 12 && headerSize < 40);
  if (isOs2 && compression > RLE4)
    throw new DecodeError('it is an OS/2 BMP with a compression specific to OS/2');
  if (!BITS[compression]) {
    const what = UNSUPPORTED[compression] ?? `the compression ${compression}`;
    throw new DecodeError(`it is a BMP with ${what}. Save it without compression`);
  }
  if (!BITS[compression].includes(bits)) {
    const how = compression === RGB ? '' : ' in this compression';
    throw new DecodeError(`it is a BMP with ${bits} bits per pixel${how}`);
  }
  const topDown = signedHeight < 0;
  if (topDown && (compression === RLE8 || compression === RLE4))
    throw new DecodeError('it is a top-down BMP with run-length encoding, which the format forbids');

  // Version 3 headers are followed by the bit masks. Later versions contain them.
  const trailing =
    headerSize === 40 ? (compression === BITFIELDS ? 3 : compression === ALPHABITFIELDS ? 4 : 0) : 0;
  const headerEnd = 14 + headerSize + 4 * trailing;
  const pixels = bytes.readUInt32LE(10);
  if (pixels < headerEnd || pixels > fileBytes)
    throw new DecodeError(`its pixels start at byte ${pixels}, which is not after the header`);
  return {
    width,
    height: Math.abs(signedHeight),
    topDown,
    bits,
    compression,
    pixels,
    palette:
      bits > 8
        ? new Uint8Array()
        : readPalette(bytes, { start: headerEnd, end: pixels, isCore, bits, colors: field(32) }),
    masks: bits === 16 || bits === 32 ? readMasks(bytes, headerSize, bits, compression) : [],
    hasProfile: headerSize === 124 && PROFILES.has(field(56)),
  };
}

/** Reads the palette between header and pixels. It may have fewer colors than the bits allow. */
function readPalette(
  bytes: Buffer,
  {
    start,
    end,
    isCore,
    bits,
    colors,
  }: { start: number; end: number; isCore: boolean; bits: number; colors: number },
): Uint8Array {
  const entry = isCore ? 3 : 4;
  const wanted = colors === 0 ? 2 ** bits : Math.min(colors, 2 ** bits);
  const count = Math.min(wanted, Math.floor((end - start) / entry));
  if (count === 0) throw new DecodeError('it has no palette');
  const palette = new Uint8Array(3 * count);
  for (let color = 0; color < count; color++) {
    for (let channel = 0; channel < 3; channel++)
      palette[3 * color + channel] = bytes[start + entry * color + 2 - channel];
  }
  return palette;
}

function readMasks(bytes: Buffer, headerSize: number, bits: number, compression: number): readonly number[] {
  if (compression === RGB) return bits === 16 ? RGB555 : [0xff0000, 0xff00, 0xff, 0];
  const count = headerSize >= 56 || compression === ALPHABITFIELDS ? 4 : 3;
  if (54 + 4 * count > bytes.length) throw new DecodeError('it is truncated in its header');
  const masks = Array.from({ length: count }, (_, at) => bytes.readUInt32LE(54 + 4 * at));
  if (masks.slice(0, 3).includes(0)) throw new DecodeError('a color mask is empty');
  return count === 4 ? masks : [...masks, 0];
}

/** Bytes from row to row. */
function rowStride({ bits, width }: Header): number {
  return Math.ceil(Math.ceil((bits * width) / 8) / 4) * 4;
}

/** The offset of each row, from the top of the image. */
function* rows(bytes: Buffer, header: Header): Generator<number> {
  const { pixels, width, height, bits, topDown } = header;
  const used = Math.ceil((bits * width) / 8);
  const stride = rowStride(header);
  // Some writers omit the padding of the last row.
  const needed = stride * (height - 1) + used;
  if (pixels + needed > bytes.length) {
    throw new DecodeError(
      `it is truncated: its pixels need ${needed} bytes, but it has only ${bytes.length - pixels}`,
    );
  }
  for (let y = 0; y < height; y++) yield pixels + stride * (topDown ? y : height - 1 - y);
}

/** Palette indices, `height` x `width`, of uncompressed pixels. */
function packedIndices(bytes: Buffer, header: Header): Uint8Array {
  const { width, height, bits } = header;
  const indices = new Uint8Array(width * height);
  const mask = 2 ** bits - 1;
  let at = 0;
  for (const row of rows(bytes, header)) {
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      indices[at++] = (bytes[row + (bit >> 3)] >> (8 - bits - (bit & 7))) & mask;
    }
  }
  return indices;
}

/** Palette indices of RLE4 or RLE8, and the number of pixels that the code skips. */
function runLengthIndices(bytes: Buffer, header: Header): { indices: Uint8Array; missing: number } {
  const { width, height, bits, pixels } = header;
  const indices = new Uint8Array(width * height);
  let written = 0;
  let [x, y] = [0, 0];
  let at = pixels;
  const next = () => {
    if (at >= bytes.length) throw new DecodeError('it is truncated in its run-length code');
    return bytes[at++];
  };
  const put = (index: number) => {
    // Some encoders pad runs beyond the end of a row.
    if (x < width) {
      indices[(height - 1 - y) * width + x] = index;
      written++;
    }
    x++;
  };
  while (y < height) {
    const count = next();
    const value = next();
    if (count > 0) {
      if (bits === 8) for (let i = 0; i < count; i++) put(value);
      else for (let i = 0; i < count; i++) put(i % 2 === 0 ? value >> 4 : value & 15);
    } else if (value === 0) {
      x = 0;
      y++;
    } else if (value === 1) {
      break;
    } else if (value === 2) {
      x += next();
      y += next();
    } else {
      const start = at;
      for (let i = 0; i < value; i++) {
        if (bits === 8) put(next());
        else {
          const byte = i % 2 === 0 ? next() : bytes[at - 1];
          put(i % 2 === 0 ? byte >> 4 : byte & 15);
        }
      }
      // Literal pixels are padded to 16 bits.
      if ((at - start) % 2 === 1 && at < bytes.length) at++;
    }
  }
  return { indices, missing: Math.max(0, width * height - written) };
}

function colorPixels(indices: Uint8Array, { width, height, palette }: Header): Samples {
  const colors = palette.length / 3;
  const isGray = Array.from({ length: colors }, (_, i) => i).every(
    (i) => palette[3 * i] === palette[3 * i + 1] && palette[3 * i] === palette[3 * i + 2],
  );
  const channels = isGray ? 1 : 3;
  const data = new Uint8Array(channels * indices.length);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    if (index >= colors)
      throw new DecodeError(`a pixel has color ${index}, but the palette has ${colors} colors`);
    for (let channel = 0; channel < channels; channel++)
      data[channels * i + channel] = palette[3 * index + channel];
  }
  return { data, width, height, channels };
}

/** Pixels of 16, 24 and 32 bits. Channels of more than 8 bits become 16-bit samples. */
function directPixels(bytes: Buffer, header: Header): Samples {
  const { width, height, bits, masks } = header;
  if (bits === 24) {
    const data = new Uint8Array(3 * width * height);
    let to = 0;
    for (const row of rows(bytes, header)) {
      for (let from = row; from < row + 3 * width; from += 3, to += 3) {
        data[to] = bytes[from + 2];
        data[to + 1] = bytes[from + 1];
        data[to + 2] = bytes[from];
      }
    }
    return { data, width, height, channels: 3 };
  }
  const fields = masks.filter((mask) => mask !== 0).map(fieldOf);
  const isWide = fields.some(({ largest }) => largest > 255);
  const white = isWide ? 65535 : 255;
  const channels = fields.length === 4 ? 4 : 3;
  const count = channels * width * height;
  const data = isWide ? new Uint16Array(count) : new Uint8Array(count);
  const step = bits / 8;
  let to = 0;
  for (const row of rows(bytes, header)) {
    for (let from = row; from < row + step * width; from += step) {
      const pixel = bits === 16 ? bytes.readUInt16LE(from) : bytes.readUInt32LE(from);
      for (const { shift, largest } of fields)
        data[to++] = Math.round((((pixel >>> shift) & largest) * white) / largest);
    }
  }
  return { data, width, height, channels };
}

/** A bit mask as a shift and the largest value of its channel. */
function fieldOf(mask: number): { shift: number; largest: number } {
  const shift = 31 - Math.clz32(mask & -mask);
  const largest = mask >>> shift;
  if ((largest & (largest + 1)) !== 0 || largest > 65535)
    throw new DecodeError('a color mask is not a contiguous run of up to 16 bits');
  return { shift, largest };
}
