import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { Unreadable } from './samples.ts';

const inflated = promisify(inflate);

/** Tags by the names of the TIFF 6.0 specification. */
const TAGS = {
  newSubfileType: 254,
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  description: 270,
  stripOffsets: 273,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripCounts: 279,
  planar: 284,
  predictor: 317,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileCounts: 325,
  extraSamples: 338,
  sampleFormat: 339,
} as const;

/** Bytes of a value by its type; unknown types are passed over. */
const TYPE_BYTES: Record<number, number> = {
  ...{
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
  },
};

/** Compressions whose chunks are one zlib stream each. */
export const DEFLATE: ReadonlySet<number> = new Set([8, 32946]);
export const UNCOMPRESSED = 1;

/** Pages of a file. Each is an image, and a small file may have millions. */
const MAX_PAGES = 10_000;
const tooManyPages = `it has more than ${MAX_PAGES.toLocaleString('en')} pages. Split it into several files`;

/** JPEG as of TIFF 6.0, whose tables lie anywhere in the file. */
const OLD_JPEG = 6;

/** Tags that point to other directories: `SubIFDs`, those of EXIF, GPS and interoperability. */
const POINTERS: ReadonlySet<number> = new Set([330, 34665, 34853, 40965]);

/** Types of offsets in TIFF and BigTIFF. */
const LONG = 4;
const LONG8 = 16;

/** Number of a sample format, `SampleFormat`. */
export const UNSIGNED = 1;
export const SIGNED = 2;
export const FLOAT = 3;

/** Number of an extra band, `ExtraSamples`, that is alpha. */
const ALPHA = new Set([1, 2]);

/** A strip or tile: where its bytes lie, and how large it is in pixels. */
export interface Chunk {
  offset: number;
  bytes: number;
  /** Place of its top left corner, and its size: at most the rest of the image for strips, always whole for tiles. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** The band it holds; 0 where bands are interleaved. */
  plane: number;
}

/**
 * Which complaints of libtiff refuse a page. libvips passes errors within tiles on as warnings only. Of strips, warnings are of tags
 * that do not matter: their order, texts without an end.
 */
export function tiffFailOn({ isTiled }: TiffPage): 'warning' | 'error' {
  return isTiled ? 'warning' : 'error';
}

/** What is needed of one image file directory (IFD). */
export interface TiffPage {
  width: number;
  height: number;
  bits: number;
  /** `SampleFormat`, of all bands. */
  format: number;
  compression: number;
  predictor: number;
  photometric: number;
  /** Bands in all, and those beyond gray, RGB or CMYK that are declared as alpha or are nothing that is known. */
  bands: number;
  hasAlpha: boolean;
  extraBands: number;
  isPlanar: boolean;
  isTiled: boolean;
  isLittleEndian: boolean;
  /** Number of slices that ImageJ says lie one behind the other, where it wrote one directory for all. */
  slices: number;
  chunks: Chunk[];
}

/** Where an IFD lies, and the field that points to the next one. */
interface Directory {
  offset: number;
  /** Slice of an ImageJ stack with one directory. */
  slice: number;
}

export function isTiff(bytes: Uint8Array): boolean {
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  return ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(start);
}

/** The structure of a TIFF or BigTIFF file, read without its pixels. */
export class TiffFile {
  readonly #bytes: Buffer;
  readonly #isLittleEndian: boolean;
  readonly #isBig: boolean;
  /** Images at full size. */
  readonly #directories: Directory[] = [];
  /** Directories of thumbnails and transparency masks, which are no images of their own. */
  readonly leftOut: number = 0;

  static readonly #read = new WeakMap<Buffer, TiffFile>();

  /**
   * The structure of the file with these bytes, which do not change; walking through its pages is done once.
   *
   * @throws Unreadable
   */
  static of(bytes: Buffer): TiffFile {
    const file = TiffFile.#read.get(bytes) ?? new TiffFile(bytes);
    TiffFile.#read.set(bytes, file);
    return file;
  }

  /** @throws Unreadable */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#isLittleEndian = bytes[0] === 0x49;
    this.#isBig = this.#u16(2) === 43;
    const seen = new Set<number>();
    const reduced: Directory[] = [];
    let at = this.#isBig ? this.#u64(8) : this.#u32(4);
    while (at !== 0) {
      if (seen.has(at)) throw new Unreadable('its pages point to each other in a circle');
      seen.add(at);
      if (seen.size > MAX_PAGES) throw new Unreadable(tooManyPages);
      const entries = this.#entries(at);
      const kind = this.#value(at, TAGS.newSubfileType) ?? 0;
      (kind & 0b101 ? reduced : this.#directories).push({ offset: at, slice: 0 });
      at = this.#isBig ? this.#u64(entries.end) : this.#u32(entries.end);
    }
    if (this.#directories.length === 0) this.#directories.push(...reduced.splice(0, 1));
    if (this.#directories.length === 0) throw new Unreadable('it has no image');
    this.leftOut = reduced.length;
    if (this.#directories.length === 1) {
      const [only] = this.#directories;
      const slices = this.page(1).slices;
      if (slices > MAX_PAGES) throw new Unreadable(tooManyPages);
      for (let slice = 1; slice < slices; slice++) this.#directories.push({ ...only, slice });
    }
  }

  /** How many images the file has. */
  get pages(): number {
    return this.#directories.length;
  }

  /**
   * One of its images.
   *
   * @param number from 1
   * @throws Unreadable where there is no such page, and where the page contradicts itself
   */
  page(number: number): TiffPage {
    const directory = this.#directories.at(number - 1);
    if (directory === undefined || number < 1)
      throw new Unreadable(
        `it has ${this.pages} ${this.pages === 1 ? 'page' : 'pages'} and no page ${number}`,
      );
    const { offset: at, slice } = directory;
    const one = (tag: number, otherwise: number) => this.#value(at, tag) ?? otherwise;
    const width = one(TAGS.width, 0);
    const height = one(TAGS.height, 0);
    const bands = one(TAGS.samplesPerPixel, 1);
    const bits = this.#values(at, TAGS.bitsPerSample) ?? [1];
    const formats = this.#values(at, TAGS.sampleFormat) ?? [UNSIGNED];
    if (width < 1 || height < 1) throw new Unreadable('it has no pixels');
    if (bits.some((each) => each !== bits[0]) || formats.some((each) => each !== formats[0]))
      throw new Unreadable('its bands have different types');
    const photometric = one(TAGS.photometric, 1);
    const extra = this.#values(at, TAGS.extraSamples) ?? [];
    const colors = colorBands(photometric, bands, extra.length);
    const page = {
      width,
      height,
      bits: bits[0],
      format: formats[0],
      compression: one(TAGS.compression, UNCOMPRESSED),
      predictor: one(TAGS.predictor, 1),
      photometric,
      bands,
      // Readers find alpha only right behind the color.
      hasAlpha: extra.length > 0 && ALPHA.has(extra[0]) && bands > colors,
      extraBands: Math.max(0, bands - colors - (extra.length > 0 && ALPHA.has(extra[0]) ? 1 : 0)),
      isPlanar: one(TAGS.planar, 1) === 2 && bands > 1,
      isTiled: one(TAGS.tileWidth, 0) > 0,
      isLittleEndian: this.#isLittleEndian,
      slices: 1,
    };
    const chunks = this.#chunks(at, page);
    const slices = this.#imageJSlices(at, chunks);
    const sliceBytes = chunks.reduce((sum, { bytes }) => sum + bytes, 0);
    return {
      ...page,
      slices,
      chunks: chunks.map((chunk) => ({ ...chunk, offset: chunk.offset + slice * sliceBytes })),
    };
  }

  /**
   * The file as one that has this page alone, so that no other reader has to walk through all pages. Of other pages nothing is
   * copied: a stack may have gigabytes.
   *
   * @throws Unreadable as `page`
   */
  alone(number: number): Buffer {
    const { chunks } = this.page(number);
    if (this.pages === 1 && this.leftOut === 0) return this.#bytes;
    const { offset } = this.#directories[number - 1];
    const total = chunks.reduce((sum, { bytes }) => sum + bytes, 0);
    const isWhole = chunks.every((chunk) => chunk.offset + chunk.bytes <= this.#bytes.length);
    const isOldJpeg = this.#value(offset, TAGS.compression) === OLD_JPEG;
    // Strips that share bytes would be copied many times over.
    if (!isWhole || isOldJpeg || total > this.#bytes.length) return this.#first(offset);
    return this.#compact(offset, chunks);
  }

  /** A file with one directory and what belongs to it. */
  #compact(directory: number, chunks: readonly Chunk[]): Buffer {
    const { start, end, size } = this.#entries(directory);
    const header = this.#isBig ? 16 : 8;
    const room = this.#isBig ? 8 : 4;
    const entries: { at: number; tag: number; value: Buffer }[] = [];
    for (let at = start; at < end; at += size) {
      const tag = this.#u16(at);
      const entry = POINTERS.has(tag) ? undefined : this.#entry(directory, tag);
      if (!entry) continue;
      const bytes = TYPE_BYTES[entry.type] * entry.count;
      entries.push({ at, tag, value: this.#bytes.subarray(entry.valueAt, entry.valueAt + bytes) });
    }
    const isOffsets = (tag: number) => tag === TAGS.stripOffsets || tag === TAGS.tileOffsets;
    const table = this.#isBig ? 8 + entries.length * size + 8 : 2 + entries.length * size + 4;
    const valueBytes = (tag: number, value: Buffer) => (isOffsets(tag) ? room * chunks.length : value.length);
    const outside = entries.map(({ tag, value }) => valueBytes(tag, value)).filter((bytes) => bytes > room);
    const data = header + table + outside.reduce((sum, bytes) => sum + even(bytes), 0);
    const file = Buffer.alloc(chunks.reduce((sum, { bytes }) => sum + even(bytes), data));
    const pointer = (value: number, at: number) => this.#writePointer(file, value, at);
    const short = (value: number, at: number) =>
      this.#isLittleEndian ? file.writeUInt16LE(value, at) : file.writeUInt16BE(value, at);
    this.#bytes.copy(file, 0, 0, header);
    pointer(header, header - room);
    if (this.#isBig) pointer(entries.length, header);
    else short(entries.length, header);
    let free = header + table;
    for (const [index, { at, tag, value }] of entries.entries()) {
      const to = header + (this.#isBig ? 8 : 2) + index * size;
      this.#bytes.copy(file, to, at, at + size);
      const bytes = valueBytes(tag, value);
      let valueAt = to + size - room;
      if (bytes > room) {
        pointer(free, valueAt);
        valueAt = free;
        free += even(bytes);
      }
      if (!isOffsets(tag)) {
        value.copy(file, valueAt);
        continue;
      }
      short(this.#isBig ? LONG8 : LONG, to + 2);
      pointer(chunks.length, to + 4);
      let offset = data;
      for (const [place, chunk] of chunks.entries()) {
        pointer(offset, valueAt + room * place);
        this.#bytes.copy(file, offset, chunk.offset, chunk.offset + chunk.bytes);
        offset += even(chunk.bytes);
      }
    }
    return file;
  }

  /** A copy of the file that begins with a directory and ends its list of pages with it. */
  #first(directory: number): Buffer {
    const copy = Buffer.from(this.#bytes);
    this.#writePointer(copy, directory, this.#isBig ? 8 : 4);
    this.#writePointer(copy, 0, this.#entries(directory).end);
    return copy;
  }

  /** Writes an offset or a count: 8 bytes in BigTIFF, else 4. */
  #writePointer(file: Buffer, value: number, at: number): void {
    if (this.#isBig && this.#isLittleEndian) file.writeBigUInt64LE(BigInt(value), at);
    else if (this.#isBig) file.writeBigUInt64BE(BigInt(value), at);
    else if (this.#isLittleEndian) file.writeUInt32LE(value, at);
    else file.writeUInt32BE(value, at);
  }

  /**
   * Checks what decoders pass over in silence: that every strip and tile lies in the file, has as many bytes as its pixels
   * take where they are not compressed, and that the check sums of deflated ones are right.
   *
   * @throws Unreadable
   */
  async verify(number: number): Promise<TiffPage> {
    const page = this.page(number);
    const what =
      this.#value(this.#directories[number - 1].offset, TAGS.tileOffsets) === undefined ? 'strip' : 'tile';
    for (const [index, chunk] of page.chunks.entries()) {
      const name = `${what} ${index + 1} of ${page.chunks.length}`;
      if (chunk.offset === 0 || chunk.bytes === 0) throw new Unreadable(`${name} is missing`);
      if (chunk.offset + chunk.bytes > this.#bytes.length)
        throw new Unreadable(`it is cut off: ${name} ends behind the end of the file`);
      const expected = chunkBytes(page, chunk);
      if (page.compression === UNCOMPRESSED && chunk.bytes < expected)
        throw new Unreadable(`${name} has ${chunk.bytes} bytes, and its pixels take ${expected}`);
      if (DEFLATE.has(page.compression)) await this.chunkData(page, chunk, name);
    }
    return page;
  }

  /**
   * The bytes of a strip or tile, inflated. Only for pages that are deflated or not compressed.
   *
   * @throws Unreadable
   */
  async chunkData(
    page: TiffPage,
    { offset, bytes, ...chunk }: Chunk,
    name = 'a strip or tile',
  ): Promise<Buffer> {
    const stored = this.#bytes.subarray(offset, offset + bytes);
    if (page.compression === UNCOMPRESSED) return stored;
    const expected = chunkBytes(page, { offset, bytes, ...chunk });
    try {
      const data = await inflated(stored, { maxOutputLength: Math.max(1, 2 * expected) });
      if (data.length >= expected) return data;
    } catch (cause) {
      throw new Unreadable(`${name} is damaged`, { cause });
    }
    throw new Unreadable(`${name} is cut off`);
  }

  #chunks(at: number, page: Omit<TiffPage, 'chunks'>): Chunk[] {
    const { width, height, bands, isPlanar } = page;
    const tileWidth = this.#value(at, TAGS.tileWidth);
    const tileHeight = this.#value(at, TAGS.tileHeight);
    const isTiled = tileWidth !== undefined && tileHeight !== undefined;
    const across = isTiled ? tileWidth : width;
    const rows = isTiled ? tileHeight : Math.min(height, this.#value(at, TAGS.rowsPerStrip) ?? height);
    if (across < 1 || rows < 1 || across > 2 ** 24 || rows > 2 ** 31)
      throw new Unreadable('the size of its strips or tiles makes no sense');
    const offsets = this.#values(at, isTiled ? TAGS.tileOffsets : TAGS.stripOffsets);
    const counts = this.#values(at, isTiled ? TAGS.tileCounts : TAGS.stripCounts);
    const columns = Math.ceil(width / across);
    const lines = Math.ceil(height / rows);
    const expected = columns * lines * (isPlanar ? bands : 1);
    if (offsets === undefined || offsets.length < expected)
      throw new Unreadable(
        `${expected - (offsets?.length ?? 0)} of its ${expected} strips or tiles are missing`,
      );
    return offsets.slice(0, expected).map((offset, index) => {
      const inPlane = index % (columns * lines);
      const y = Math.floor(inPlane / columns) * rows;
      const chunk = {
        offset,
        bytes: 0,
        x: (inPlane % columns) * across,
        y,
        width: across,
        height: isTiled ? rows : Math.min(rows, height - y),
        plane: Math.floor(index / (columns * lines)),
      };
      // Old writers leave out the counts of uncompressed strips.
      const known = counts?.at(index) ?? (page.compression === UNCOMPRESSED ? chunkBytes(page, chunk) : 0);
      return { ...chunk, bytes: known };
    });
  }

  /** ImageJ writes one directory for a large stack; its slices follow each other behind the first. */
  #imageJSlices(at: number, chunks: readonly Chunk[]): number {
    const entry = this.#entry(at, TAGS.description);
    if (!entry || chunks.length !== 1 || this.#value(at, TAGS.compression) !== UNCOMPRESSED) return 1;
    const text = this.#bytes.toString('latin1', entry.valueAt, entry.valueAt + Math.min(entry.count, 4096));
    const images = /^ImageJ=[\s\S]*?^images=(\d{1,6})$/m.exec(text)?.[1];
    const [{ offset, bytes }] = chunks;
    const count = Number(images ?? 1);
    return offset + count * bytes <= this.#bytes.length ? Math.max(1, count) : 1;
  }

  /** The first value of a tag, undefined where the directory has none. */
  #value(directory: number, tag: number): number | undefined {
    return this.#values(directory, tag, 1)?.[0];
  }

  /** The whole numbers of a tag, `most` at most. */
  #values(directory: number, tag: number, most = Infinity): number[] | undefined {
    const entry = this.#entry(directory, tag);
    if (!entry || entry.count === 0) return undefined;
    const { type, valueAt } = entry;
    const size = TYPE_BYTES[type];
    const count = Math.min(entry.count, most);
    this.#need(valueAt, size * count);
    return Array.from({ length: count }, (_, index) => {
      const at = valueAt + size * index;
      if (size === 1) return this.#bytes[at];
      if (size === 2) return this.#u16(at);
      return size === 4 ? this.#u32(at) : this.#u64(at);
    });
  }

  #entry(directory: number, tag: number): { type: number; count: number; valueAt: number } | undefined {
    const { start, end, size } = this.#entries(directory);
    for (let at = start; at < end; at += size) {
      if (this.#u16(at) !== tag) continue;
      const type = this.#u16(at + 2);
      const bytes = TYPE_BYTES[type];
      if (bytes === undefined) return undefined;
      const count = this.#isBig ? this.#u64(at + 4) : this.#u32(at + 4);
      const field = this.#isBig ? at + 12 : at + 8;
      const isInside = bytes * count <= (this.#isBig ? 8 : 4);
      const valueAt = isInside ? field : this.#isBig ? this.#u64(field) : this.#u32(field);
      this.#need(valueAt, bytes * count);
      return { type, count, valueAt };
    }
    return undefined;
  }

  #entries(directory: number): { start: number; end: number; size: number } {
    const count = this.#isBig ? this.#u64(directory) : this.#u16(directory);
    const size = this.#isBig ? 20 : 12;
    const start = directory + (this.#isBig ? 8 : 2);
    this.#need(start, count * size + (this.#isBig ? 8 : 4));
    return { start, end: start + count * size, size };
  }

  #need(at: number, bytes: number): void {
    if (at + bytes > this.#bytes.length)
      throw new Unreadable('it is cut off or damaged: a part of its directory lies behind its end');
  }

  #u16(at: number): number {
    this.#need(at, 2);
    return this.#isLittleEndian ? this.#bytes.readUInt16LE(at) : this.#bytes.readUInt16BE(at);
  }

  #u32(at: number): number {
    this.#need(at, 4);
    return this.#isLittleEndian ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at);
  }

  #u64(at: number): number {
    this.#need(at, 8);
    return Number(this.#isLittleEndian ? this.#bytes.readBigUInt64LE(at) : this.#bytes.readBigUInt64BE(at));
  }
}

/** Offsets are even. */
function even(bytes: number): number {
  return bytes + (bytes % 2);
}

/** Bytes that the pixels of a chunk take where they are not compressed. */
function chunkBytes(
  page: Pick<TiffPage, 'bits' | 'bands' | 'isPlanar' | 'photometric'>,
  chunk: Chunk,
): number {
  // YCbCr may have fewer samples of color than of brightness; a third is the least that is possible.
  const bands = page.isPlanar ? 1 : page.photometric === 6 ? 1 : page.bands;
  return Math.ceil((chunk.width * page.bits * bands) / 8) * chunk.height;
}

/** Bands that are color; where the file does not say which are not, those beyond what its photometric kind has are extra. */
function colorBands(photometric: number, bands: number, declaredExtra: number): number {
  const byKind: Record<number, number> = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3, 8: 3 };
  const known = byKind[photometric];
  return known === undefined ? Math.max(1, bands - declaredExtra) : Math.min(bands, known);
}
