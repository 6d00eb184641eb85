import type { Size } from '../geometry.ts';
import { RunList, type Runs } from './mask-runs.ts';
import { removeFilter } from './png-filters.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const GRAY = 0;
/** Bytes of lines that are compressed at once. */
const BATCH = 2 ** 18;
/** Compressed bytes that are decompressed at once. */
const SLICE = 2 ** 10;
/** Larger values are anomalous. */
const THRESHOLD = 127;

/**
 * Encodes a mask as an 8-bit grayscale PNG with 0 and 255. (A canvas would write RGBA.) Memory O(runs + width), whatever the height.
 */
export async function encodeMaskPng(runs: Runs, { width, height }: Size): Promise<Uint8Array<ArrayBuffer>> {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 8);
  header.setUint8(9, GRAY);
  const batches = linesOf(runs, { width, height });
  const lines = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const { done, value } = batches.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  const packed = new Response(lines.pipeThrough(new CompressionStream('deflate')));
  const parts = [
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', new Uint8Array(header.buffer)),
    chunk('IDAT', new Uint8Array(await packed.arrayBuffer())),
    chunk('IEND', new Uint8Array()),
  ];
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** The lines of the image in batches. Each line starts with its filter type; type 0 (none) suits areas with one value. */
function* linesOf(runs: Runs, { width, height }: Size): Generator<Uint8Array<ArrayBuffer>> {
  const rows = Math.max(1, Math.floor(BATCH / (width + 1)));
  let empty = new Uint8Array();
  let at = 0;
  for (let top = 0; top < height; top += rows) {
    const count = Math.min(rows, height - top);
    const end = (top + count) * width;
    const isEmpty = !(at < runs.length && runs[at] < end);
    // Most batches of a large mask are empty, and share their bytes.
    if (isEmpty && empty.length !== (width + 1) * count) empty = new Uint8Array((width + 1) * count);
    const lines = isEmpty ? empty : new Uint8Array((width + 1) * count);
    for (; at < runs.length && runs[at] < end; at += 2) {
      const row = Math.floor(runs[at] / width);
      const from = (row - top) * (width + 1) + 1 + (runs[at] - row * width);
      lines.fill(255, from, from + runs[at + 1] - runs[at]);
    }
    yield lines;
  }
}

/** A mask read from a PNG. */
export interface DecodedMask extends Size {
  runs: Runs;
}

/**
 * Decodes a mask that is an 8-bit grayscale PNG. Memory O(file + runs + width), whatever the height.
 *
 * @param checkSize is called before pixels are decoded, because a small file can claim to be a huge image; it may throw
 * @throws RangeError with the reason if the file is no such PNG, or not complete
 */
export async function decodeMaskPng(
  png: Uint8Array,
  checkSize: (size: Size) => void = () => {},
): Promise<DecodedMask> {
  const { size, packed } = openPng(png);
  checkSize(size);
  const lines = slicesOf(packed).pipeThrough(new DecompressionStream('deflate'));
  const reader = new LineReader(size);
  try {
    for await (const bytes of lines) reader.add(bytes);
  } catch (cause) {
    throw new RangeError('its pixels cannot be decompressed', { cause });
  }
  return { ...size, runs: reader.finish() };
}

/**
 * The bytes in slices. A browser decompresses each chunk of a stream at once, and a chunk of equal pixels grows a thousandfold.
 */
function slicesOf(parts: readonly Uint8Array<ArrayBuffer>[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  const slices = (function* () {
    for (const part of parts)
      for (let at = 0; at < part.length; at += SLICE) yield part.subarray(at, at + SLICE);
  })();
  return new ReadableStream({
    pull(controller) {
      const { done, value } = slices.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

function openPng(png: Uint8Array): { size: Size; packed: Uint8Array<ArrayBuffer>[] } {
  if (png.length === 0) throw new RangeError('it is empty');
  if (SIGNATURE.some((byte, at) => png[at] !== byte)) throw new RangeError('it is not an 8-bit gray PNG');
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const packed: Uint8Array<ArrayBuffer>[] = [];
  let size: Size | undefined;
  for (let at = 8; at + 12 <= png.length;) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...png.subarray(at + 4, at + 8));
    const end = at + 12 + length;
    if (end > png.length) break;
    if (crc32(png.subarray(at + 4, end - 4)) !== view.getUint32(end - 4))
      throw new RangeError('a checksum is wrong');
    if (name === 'IHDR') size = sizeOf(view, at + 8);
    else if (name === 'IDAT') packed.push(png.slice(at + 8, at + 8 + length));
    else if (name === 'IEND' && size) return { size, packed };
    at = end;
  }
  throw new RangeError('it is not complete');
}

function sizeOf(view: DataView, at: number): Size {
  const [depth, color, interlace] = [8, 9, 12].map((offset) => view.getUint8(at + offset));
  if (depth !== 8 || color !== GRAY || interlace !== 0) throw new RangeError('it is not an 8-bit gray PNG');
  return { width: view.getUint32(at), height: view.getUint32(at + 4) };
}

/** Reads the runs of lines that arrive in pieces. */
class LineReader {
  readonly #size: Size;
  readonly #list: RunList;
  /** The filter type and the bytes of the current line. */
  readonly #line: Uint8Array;
  /** The line before, without a filter. */
  #above: Uint8Array;
  #filled = 0;
  #row = 0;

  constructor(size: Size) {
    this.#size = size;
    this.#list = new RunList(size.width);
    this.#line = new Uint8Array(size.width + 1);
    this.#above = new Uint8Array(size.width);
  }

  add(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && this.#row < this.#size.height;) {
      const part = bytes.subarray(at, at + this.#line.length - this.#filled);
      this.#line.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === this.#line.length) this.#finishLine();
    }
  }

  finish(): Runs {
    if (this.#row < this.#size.height) throw new RangeError('it has too few pixels');
    return this.#list.runs;
  }

  #finishLine(): void {
    const pixels = this.#line.subarray(1);
    removeFilter(this.#line[0], pixels, this.#above);
    const { width } = this.#size;
    const from = this.#row * width;
    for (let x = 0; x < width; x++) {
      if (pixels[x] <= THRESHOLD) continue;
      const start = x;
      while (x < width && pixels[x] > THRESHOLD) x++;
      this.#list.add(from + start, from + x);
    }
    this.#above.set(pixels);
    this.#filled = 0;
    this.#row++;
  }
}

/** A chunk: length, name, content, CRC-32 of name and content. */
function chunk(name: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(content.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(content, 8);
  view.setUint32(content.length + 8, crc32(bytes.subarray(4, content.length + 8)));
  return bytes;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? 0xedb88320 ^ (byte >>> 1) : byte >>> 1;
  return byte;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
