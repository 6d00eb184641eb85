import type { ReadingNote } from '../../common/api/reading-notes.ts';
import { DecodeError } from './decode-error.ts';
import type { AssertSize } from './image-limits.ts';
import type { Samples } from './samples.ts';

/** Whether a file is PBM, PGM or PPM: it starts with P1 to P6 and white space. */
export function isNetpbm(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] >= 0x31 && bytes[1] <= 0x36 && isSpace(bytes[2]);
}

/** The maximum in the header, which is white. With 65535, the file does not declare how many bits are in use. */
export function netpbmMaximum(bytes: Buffer): number {
  return readHeader(bytes).maximum;
}

/**
 * Decodes PBM, PGM and PPM, text and binary, with 1 to 16 bits per sample. The maximum in the header is white.
 *
 * @throws DecodeError; what `assertSize` throws
 */
export function readNetpbm(
  bytes: Buffer,
  assertSize: AssertSize,
): { samples: Samples; notes: ReadingNote[] } {
  const header = readHeader(bytes);
  const { kind, width, height, maximum } = header;
  assertSize(width, height);
  const channels = kind === 3 || kind === 6 ? 3 : 1;
  const count = width * height * channels;
  // The smallest possible size of the pixels, checked before allocation.
  const minBytes =
    kind <= 3 ? count : kind === 4 ? Math.ceil(width / 8) * height : count * (maximum > 255 ? 2 : 1);
  if (header.end + minBytes > bytes.length + (kind <= 3 ? 1 : 0)) {
    throw new DecodeError(
      `it is truncated: its pixels need at least ${minBytes} bytes, but it has only ${Math.max(0, bytes.length - header.end)}`,
    );
  }
  const data = maximum > 255 ? new Uint16Array(count) : new Uint8Array(count);
  const end = kind <= 3 ? readText(bytes, header, data) : readBinary(bytes, header, data);
  scale(data, maximum);
  const notes: ReadingNote[] = [];
  if (bytes.subarray(end).some((byte) => !isSpace(byte)))
    notes.push({ kind: 'pages', message: 'Only the first image of the file is read.' });
  return { samples: { data, width, height, channels }, notes };
}

/** @throws DecodeError if a file is PAM, the successor of Netpbm's formats */
export function assertNotPam(bytes: Buffer): void {
  if (/^P7\s/.test(bytes.toString('latin1', 0, 3)))
    throw new DecodeError('it is a PAM file (P7). Save it as PGM or PPM');
}

/** A Netpbm image whose rows can be decoded one by one, unless it is text. */
export interface NetpbmRows {
  width: number;
  height: number;
  channels: 1 | 3;
  depth: 8 | 16;
  isText: boolean;
  isWhiteDeclared: boolean;
  /** Offset of the first row, and bytes of each. */
  start: number;
  rowBytes: number;
  /** @param bytes those of whole rows; @throws DecodeError */
  decode(bytes: Buffer): Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
}

/** Reads a header. @throws DecodeError */
export function netpbmRows(head: Buffer): NetpbmRows {
  const header = readHeader(head);
  const { kind, width, maximum } = header;
  const channels = kind === 3 || kind === 6 ? 3 : 1;
  const isWide = maximum > 255;
  const rowBytes = kind === 4 ? Math.ceil(width / 8) : width * channels * (isWide ? 2 : 1);
  return {
    width,
    height: header.height,
    channels,
    depth: isWide ? 16 : 8,
    isText: kind <= 3,
    isWhiteDeclared: maximum < 65535,
    start: header.end,
    rowBytes,
    decode(bytes) {
      const height = bytes.length / rowBytes;
      const count = width * height * channels;
      const data = isWide ? new Uint16Array(count) : new Uint8Array(count);
      readBinary(bytes, { ...header, height, end: 0 }, data);
      scale(data, maximum);
      return data;
    },
  };
}

interface Header {
  /** The digit of the magic number P1 to P6. */
  kind: number;
  width: number;
  height: number;
  maximum: number;
  /** Offset of the pixels. */
  end: number;
}

function readHeader(bytes: Buffer): Header {
  const kind = bytes[1] - 0x30;
  const isBitmap = kind === 1 || kind === 4;
  const numbers: number[] = [];
  let at = 2;
  while (numbers.length < (isBitmap ? 2 : 3)) {
    const token = nextToken(bytes, at);
    if (!/^\d{1,10}$/.test(token.text)) throw new DecodeError('its header is not a valid Netpbm header');
    numbers.push(Number(token.text));
    at = token.end;
  }
  const [width, height, maximum = 1] = numbers;
  if (maximum < 1 || maximum > 65535)
    throw new DecodeError(`its maximum value is ${maximum}, not 1 to 65535`);
  if (kind > 3 && !isSpace(bytes[at])) throw new DecodeError('it is truncated in its header');
  // A single white space character precedes binary pixels.
  return { kind, width, height, maximum, end: kind > 3 ? at + 1 : at };
}

/** The next token after white space and comments, empty at the end of the file. */
function nextToken(bytes: Buffer, from: number): { text: string; end: number } {
  let at = from;
  for (;;) {
    while (at < bytes.length && isSpace(bytes[at])) at++;
    if (bytes[at] !== 0x23) break;
    while (at < bytes.length && bytes[at] !== 0x0a && bytes[at] !== 0x0d) at++;
  }
  const start = at;
  while (at < bytes.length && !isSpace(bytes[at]) && at - start < 16) at++;
  return { text: bytes.toString('latin1', start, at), end: at };
}

/** @returns the offset of the end of the pixels */
function readText(bytes: Buffer, { kind, maximum, end }: Header, data: Uint8Array | Uint16Array): number {
  let at = end;
  for (let i = 0; i < data.length; i++) {
    // Bits need no separator.
    if (kind === 1) {
      while (at < bytes.length && bytes[at] !== 0x30 && bytes[at] !== 0x31) {
        const token = nextToken(bytes, at);
        if (token.text !== '' && !/^[01]/.test(token.text))
          throw new DecodeError('one of its values is not a number');
        at = token.text === '' ? bytes.length : token.end - token.text.length;
      }
      if (at >= bytes.length) throw new DecodeError('it is truncated in its pixels');
      data[i] = bytes[at++] === 0x30 ? 1 : 0;
      continue;
    }
    const token = nextToken(bytes, at);
    if (token.text === '') throw new DecodeError('it is truncated in its pixels');
    if (!/^\d{1,5}$/.test(token.text)) throw new DecodeError('one of its values is not a number');
    data[i] = assertValue(Number(token.text), maximum);
    at = token.end;
  }
  return at;
}

/** @returns the offset of the end of the pixels */
function readBinary(
  bytes: Buffer,
  { kind, width, height, maximum, end }: Header,
  data: Uint8Array | Uint16Array,
): number {
  if (kind === 4) {
    const stride = Math.ceil(width / 8);
    // A set bit is black.
    for (let y = 0, i = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        data[i++] = (bytes[end + y * stride + (x >> 3)] >> (7 - (x & 7))) & 1 ? 0 : 1;
    return end + stride * height;
  }
  const isWide = maximum > 255;
  for (let i = 0; i < data.length; i++)
    data[i] = assertValue(isWide ? bytes.readUInt16BE(end + 2 * i) : bytes[end + i], maximum);
  return end + data.length * (isWide ? 2 : 1);
}

function assertValue(value: number, maximum: number): number {
  if (value > maximum)
    throw new DecodeError(`it has the value ${value}, which exceeds its maximum of ${maximum}`);
  return value;
}

/** Scales values to the full range of their type, in place. */
function scale(data: Uint8Array | Uint16Array, maximum: number): void {
  const white = maximum > 255 ? 65535 : 255;
  if (maximum === white) return;
  for (let i = 0; i < data.length; i++) data[i] = Math.round((data[i] * white) / maximum);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}
