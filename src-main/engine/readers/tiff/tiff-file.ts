import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createInflate, inflate } from 'node:zlib';
import { DecodeError } from '../decode-error.ts';
import { copyPage } from './copy-page.ts';
import { DirectoryReader } from './directory-reader.ts';
import type { TiffBytes } from './file-bytes.ts';
import type { Chunk, TiffPage } from './tiff-page.ts';
import type { PixelSize } from '../../../common/scale.ts';
import { ALPHA, DEFLATE, TAGS, UNCOMPRESSED, UNSIGNED, YCBCR } from './tags.ts';

const inflateAsync = promisify(inflate);

/** Largest number of pages. Each page is an image, and a small file can claim millions. */
const MAX_PAGES = 10_000;
const TOO_MANY_PAGES = `it has more than ${MAX_PAGES.toLocaleString('en')} pages. Split it into several files`;

/** Bytes of pixels up to which a deflated strip or tile is inflated at once. */
const MAX_INFLATED = 2 ** 25;

/** Bytes of a larger one that are inflated at a time. */
const PIECE = 2 ** 20;

/** Millimeters per unit of the resolution, by `ResolutionUnit`. */
const MILLIMETERS: Readonly<Record<number, number>> = { 2: 25.4, 3: 10 };
const INCH = 2;

/** A page: its directory, and its slice if it belongs to an ImageJ stack with one directory. */
interface PageLocation {
  directory: number;
  /** Position of the directory in the file's list. */
  index: number;
  slice: number;
}

export function isTiff(bytes: Uint8Array): boolean {
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  return ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(start);
}

/**
 * The libtiff messages that make a page unreadable. libvips reports errors inside tiles as warnings. For
 * strips, warnings concern only harmless faults in tags, such as their order or unterminated strings.
 */
export function failOnFor({ isTiled }: TiffPage): 'warning' | 'error' {
  return isTiled ? 'warning' : 'error';
}

/** The structure of a TIFF or BigTIFF file, read without decoding pixels. */
export class TiffFile<Bytes extends TiffBytes = Buffer> {
  readonly #reader: DirectoryReader<Bytes>;
  readonly #pages: PageLocation[] = [];
  /** Number of directories that are thumbnails or transparency masks, and therefore not pages. */
  readonly skippedDirectories: number = 0;

  static readonly #opened = new WeakMap<Buffer, TiffFile>();

  /**
   * The structure of the file with these bytes. The bytes must not change: the directories are read once per buffer.
   *
   * @throws DecodeError
   */
  static of(bytes: Buffer): TiffFile {
    const file = TiffFile.#opened.get(bytes) ?? new TiffFile(bytes);
    TiffFile.#opened.set(bytes, file);
    return file;
  }

  /** @throws DecodeError */
  constructor(bytes: Bytes) {
    this.#reader = new DirectoryReader(bytes);
    const seen = new Set<number>();
    const reduced: PageLocation[] = [];
    for (let directory = this.#reader.first; directory !== 0; directory = this.#reader.next(directory)) {
      if (seen.has(directory)) throw new DecodeError('its list of pages is circular');
      seen.add(directory);
      if (seen.size > MAX_PAGES) throw new DecodeError(TOO_MANY_PAGES);
      const subfileType = this.#reader.value(directory, TAGS.newSubfileType) ?? 0;
      (subfileType & 0b101 ? reduced : this.#pages).push({ directory, index: seen.size - 1, slice: 0 });
    }
    if (this.#pages.length === 0) this.#pages.push(...reduced.splice(0, 1));
    if (this.#pages.length === 0) throw new DecodeError('it has no image');
    this.skippedDirectories = reduced.length;
    if (this.#pages.length === 1) {
      const [only] = this.#pages;
      const { slices } = this.page(1);
      if (slices > MAX_PAGES) throw new DecodeError(TOO_MANY_PAGES);
      for (let slice = 1; slice < slices; slice++) this.#pages.push({ ...only, slice });
    }
  }

  /** Number of images in the file. */
  get pages(): number {
    return this.#pages.length;
  }

  /**
   * @param number from 1
   * @throws DecodeError if there is no such page, or its fields are inconsistent
   */
  page(number: number): TiffPage {
    const { directory, slice } = this.#location(number);
    const field = (tag: number, fallback: number) => this.#reader.value(directory, tag) ?? fallback;
    const width = field(TAGS.width, 0);
    const height = field(TAGS.height, 0);
    const bands = field(TAGS.samplesPerPixel, 1);
    const bits = this.#reader.values(directory, TAGS.bitsPerSample) ?? [1];
    const formats = this.#reader.values(directory, TAGS.sampleFormat) ?? [UNSIGNED];
    if (width < 1 || height < 1) throw new DecodeError('it has no pixels');
    if (bits.some((each) => each !== bits[0]) || formats.some((each) => each !== formats[0]))
      throw new DecodeError('its bands have different types');
    const photometric = field(TAGS.photometric, 1);
    const extra = this.#reader.values(directory, TAGS.extraSamples) ?? [];
    const colors = colorBands(photometric, bands, extra.length);
    const isAlphaFirst = extra.length > 0 && ALPHA.has(extra[0]);
    const page = {
      width,
      height,
      bits: bits[0],
      format: formats[0],
      compression: field(TAGS.compression, UNCOMPRESSED),
      predictor: field(TAGS.predictor, 1),
      photometric,
      bands,
      hasAlpha: isAlphaFirst && bands > colors,
      extraBands: Math.max(0, bands - colors - (isAlphaFirst ? 1 : 0)),
      isPlanar: field(TAGS.planar, 1) === 2 && bands > 1,
      isTiled: field(TAGS.tileWidth, 0) > 0,
      isLittleEndian: this.#reader.isLittleEndian,
      orientation: orientationOf(field(TAGS.orientation, 1)),
      slices: 1,
    };
    const resolution = this.#resolution(directory);
    const chunks = this.#chunks(directory, page);
    const slices = this.#imageJSlices(directory, chunks);
    const sliceBytes = chunks.reduce((sum, { bytes }) => sum + bytes, 0);
    return {
      ...page,
      ...(resolution && { resolution }),
      slices,
      chunks: chunks.map((chunk) => ({ ...chunk, offset: chunk.offset + slice * sliceBytes })),
    };
  }

  /** The position of a page among all directories, as decoders count them; undefined for further slices of an ImageJ stack. */
  decoderPage(number: number): number | undefined {
    const { index, slice } = this.#location(number);
    return slice === 0 ? index : undefined;
  }

  /**
   * A TIFF file that holds this page only; the file itself if it has one page.
   *
   * @throws DecodeError as `page`
   */
  extractPage(this: TiffFile, number: number): Buffer {
    const { chunks } = this.page(number);
    if (this.pages === 1 && this.skippedDirectories === 0) return this.#reader.bytes;
    return copyPage(this.#reader, this.#location(number).directory, chunks);
  }

  /**
   * Checks what decoders ignore: that each strip and tile is inside the file, that uncompressed ones have
   * enough bytes for their pixels, and that deflated ones pass their checksum.
   *
   * @throws DecodeError
   */
  async verify(number: number): Promise<TiffPage> {
    const page = this.page(number);
    const { directory } = this.#location(number);
    const kind = this.#reader.value(directory, TAGS.tileOffsets) === undefined ? 'strip' : 'tile';
    for (const [index, chunk] of page.chunks.entries()) {
      const name = `${kind} ${index + 1} of ${page.chunks.length}`;
      if (chunk.offset === 0 || chunk.bytes === 0) throw new DecodeError(`${name} is missing`);
      if (chunk.offset + chunk.bytes > this.#reader.bytes.length)
        throw new DecodeError(`it is truncated: ${name} ends beyond the end of the file`);
      const expected = uncompressedBytes(page, chunk);
      if (page.compression === UNCOMPRESSED && chunk.bytes < expected)
        throw new DecodeError(`${name} has ${chunk.bytes} bytes, but its pixels need ${expected}`);
      if (!DEFLATE.has(page.compression)) continue;
      if (expected <= MAX_INFLATED) await this.chunkData(page, chunk, name);
      else await this.#checkDeflated(chunk, expected, name);
    }
    return page;
  }

  /**
   * The bytes of a strip or tile, inflated. Supports uncompressed and deflated pages only.
   *
   * @throws DecodeError
   */
  async chunkData(page: TiffPage, chunk: Chunk, name = 'a strip or tile'): Promise<Buffer> {
    const stored = this.#reader.bytes.subarray(chunk.offset, chunk.offset + chunk.bytes);
    if (page.compression === UNCOMPRESSED) return stored;
    const expected = uncompressedBytes(page, chunk);
    try {
      const data = await inflateAsync(stored, { maxOutputLength: Math.max(1, 2 * expected) });
      if (data.length >= expected) return data;
    } catch (cause) {
      throw new DecodeError(`${name} is damaged`, { cause });
    }
    throw new DecodeError(`${name} is truncated`);
  }

  /** Inflates a large strip or tile piece by piece. */
  async #checkDeflated({ offset, bytes }: Chunk, expected: number, name: string): Promise<void> {
    const source = this.#reader.bytes;
    function* pieces() {
      for (let at = 0; at < bytes; at += PIECE)
        yield source.subarray(offset + at, offset + Math.min(bytes, at + PIECE));
    }
    let inflated = 0;
    try {
      for await (const piece of Readable.from(pieces()).pipe(createInflate()))
        inflated += (piece as Buffer).length;
    } catch (cause) {
      throw new DecodeError(`${name} is damaged`, { cause });
    }
    if (inflated < expected) throw new DecodeError(`${name} is truncated`);
  }

  #resolution(directory: number): PixelSize | undefined {
    const millimeters = MILLIMETERS[this.#reader.value(directory, TAGS.resolutionUnit) ?? INCH];
    const [horizontal, vertical] = [TAGS.xResolution, TAGS.yResolution].map((tag) =>
      this.#reader.fraction(directory, tag),
    );
    if (millimeters === undefined || !horizontal || !vertical) return undefined;
    return { x: millimeters / horizontal, y: millimeters / vertical };
  }

  #location(number: number): PageLocation {
    const location = number < 1 ? undefined : this.#pages.at(number - 1);
    if (location) return location;
    throw new DecodeError(
      `it has ${this.pages} ${this.pages === 1 ? 'page' : 'pages'} and no page ${number}`,
    );
  }

  #chunks(directory: number, page: Omit<TiffPage, 'chunks'>): Chunk[] {
    const { width, height, bands, isPlanar } = page;
    const field = (tag: number) => this.#reader.value(directory, tag);
    const tileWidth = field(TAGS.tileWidth);
    const tileHeight = field(TAGS.tileHeight);
    const isTiled = tileWidth !== undefined && tileHeight !== undefined;
    const chunkWidth = isTiled ? tileWidth : width;
    const chunkHeight = isTiled ? tileHeight : Math.min(height, field(TAGS.rowsPerStrip) ?? height);
    if (chunkWidth < 1 || chunkHeight < 1 || chunkWidth > 2 ** 24 || chunkHeight > 2 ** 31)
      throw new DecodeError('the size of its strips or tiles is invalid');
    const offsets = this.#reader.values(directory, isTiled ? TAGS.tileOffsets : TAGS.stripOffsets);
    const counts = this.#reader.values(directory, isTiled ? TAGS.tileCounts : TAGS.stripCounts);
    const columns = Math.ceil(width / chunkWidth);
    const chunksPerPlane = columns * Math.ceil(height / chunkHeight);
    const expected = chunksPerPlane * (isPlanar ? bands : 1);
    if (offsets === undefined || offsets.length < expected)
      throw new DecodeError(
        `${expected - (offsets?.length ?? 0)} of its ${expected} strips or tiles are missing`,
      );
    return offsets.slice(0, expected).map((offset, index) => {
      const inPlane = index % chunksPerPlane;
      const y = Math.floor(inPlane / columns) * chunkHeight;
      const chunk = {
        offset,
        bytes: 0,
        x: (inPlane % columns) * chunkWidth,
        y,
        width: chunkWidth,
        height: isTiled ? chunkHeight : Math.min(chunkHeight, height - y),
        plane: Math.floor(index / chunksPerPlane),
      };
      // Old writers omit the byte counts of uncompressed strips.
      const bytes =
        counts?.at(index) ?? (page.compression === UNCOMPRESSED ? uncompressedBytes(page, chunk) : 0);
      return { ...chunk, bytes };
    });
  }

  /** ImageJ writes one directory for a large stack and appends the further slices to the pixels of the first. */
  #imageJSlices(directory: number, chunks: readonly Chunk[]): number {
    const { bytes } = this.#reader;
    const field = this.#reader.field(directory, TAGS.description);
    const isUncompressed = this.#reader.value(directory, TAGS.compression) === UNCOMPRESSED;
    if (!field || chunks.length !== 1 || !isUncompressed) return 1;
    const end = field.valueAt + Math.min(field.count, 4096);
    const text = bytes.subarray(field.valueAt, end).toString('latin1');
    const images = /^ImageJ=[\s\S]*?^images=(\d{1,6})$/m.exec(text)?.[1];
    const [chunk] = chunks;
    const count = Number(images ?? 1);
    return chunk.offset + count * chunk.bytes <= bytes.length ? Math.max(1, count) : 1;
  }
}

/** Bytes of a chunk's pixels without compression; a lower bound for YCbCr, whose color bands may be subsampled. */
function uncompressedBytes(
  page: Pick<TiffPage, 'bits' | 'bands' | 'isPlanar' | 'photometric'>,
  chunk: Chunk,
): number {
  const bands = page.isPlanar || page.photometric === YCBCR ? 1 : page.bands;
  return Math.ceil((chunk.width * page.bits * bands) / 8) * chunk.height;
}

function orientationOf(value: number): number {
  return value >= 1 && value <= 8 ? value : 1;
}

/** Number of color bands: as many as the photometric interpretation has, or all bands that are not declared as extra. */
function colorBands(photometric: number, bands: number, declaredExtra: number): number {
  const byPhotometric: Record<number, number> = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3, 8: 3 };
  const known = byPhotometric[photometric];
  return known === undefined ? Math.max(1, bands - declaredExtra) : Math.min(bands, known);
}
