import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { PerchError } from '../../common/api/errors.ts';
import type { RandomAccessFile } from './random-access-file.ts';

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT = 65535;
const DIRECTORY_SIGNATURE = 0x02014b50;
const DIRECTORY_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
/** A size with this value is stored in a Zip64 field. */
const ZIP64 = 0xffffffff;

/** Largest size of the central directory. PyTorch's has about 100 bytes per tensor. */
const MAX_DIRECTORY = 16 * 2 ** 20;
/** Largest compression ratio of entries above the free size. Weights hardly compress, but small entries of zeros do. */
const MAX_RATIO = 100;
const RATIO_FREE = 2 ** 20;
const READ_BYTES = 2 ** 18;

interface Entry {
  name: string;
  flags: number;
  method: number;
  crc: number;
  compressed: number;
  size: number;
  offset: number;
}

/** A zip archive. Reading an entry fails if its data exceeds its announced size. */
export class ZipArchive {
  readonly #file: RandomAccessFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(file: RandomAccessFile, entries: ReadonlyMap<string, Entry>) {
    this.#file = file;
    this.#entries = entries;
  }

  /** @throws PerchError `CHECKPOINT_REFUSED` */
  static async open(file: RandomAccessFile): Promise<ZipArchive> {
    const tail = Math.min(file.size, END_BYTES + MAX_COMMENT);
    const end = await file.read(file.size - tail, tail, 'its end');
    let at = end.length - END_BYTES;
    while (at >= 0 && end.readUInt32LE(at) !== END_SIGNATURE) at--;
    if (at < 0) throw file.error('it is truncated: the list of its entries is missing');
    const size = end.readUInt32LE(at + 12);
    const offset = end.readUInt32LE(at + 16);
    if (size > MAX_DIRECTORY) throw file.error(`the list of its entries claims ${size} bytes`);
    return new ZipArchive(file, entriesOf(file, await file.read(offset, size, 'the list of its entries')));
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  /** The announced size of an entry in bytes; undefined if it does not exist. */
  sizeOf(name: string): number | undefined {
    return this.#entries.get(name)?.size;
  }

  /**
   * Reads `length` bytes of an entry at `offset`. Decompresses the whole entry to verify its checksum, but holds only the requested bytes
   * in memory.
   *
   * @throws PerchError `CHECKPOINT_REFUSED`
   */
  async read(name: string, offset: number, length: number): Promise<Buffer<ArrayBuffer>> {
    const entry = this.#entries.get(name);
    if (!entry) throw this.#file.error(`it has no entry ${name}`);
    if (offset + length > entry.size) throw this.#file.error(`the entry ${name} is too short`);
    const wanted = Buffer.alloc(length);
    let at = 0;
    let crc = 0;
    const consume = async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        crc = crc32(chunk, crc);
        const from = Math.max(offset - at, 0);
        const to = Math.min(offset + length - at, chunk.length);
        if (from < to) chunk.copy(wanted, at + from - offset, from, to);
        at += chunk.length;
        if (at > entry.size) throw this.#file.error(`the entry ${name} exceeds its announced size`);
      }
    };
    await this.#stream(entry, consume);
    if (at !== entry.size) throw this.#file.error(`the entry ${name} is shorter than its announced size`);
    if (crc !== entry.crc) throw this.#file.error(`the entry ${name} is damaged: its checksum differs`);
    return wanted;
  }

  /** Streams the content of an entry to a consumer. */
  async #stream(entry: Entry, consume: (chunks: AsyncIterable<Buffer>) => Promise<void>): Promise<void> {
    const stored = this.#stored(entry);
    if (entry.method === STORED) return consume(stored);
    try {
      await pipeline(stored, createInflateRaw(), consume);
    } catch (cause) {
      if (cause instanceof PerchError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw this.#file.error(`the entry ${entry.name} cannot be decompressed (${reason})`);
    }
  }

  /** The stored bytes of an entry. */
  async *#stored({ name, offset, compressed }: Entry): AsyncGenerator<Buffer> {
    const header = await this.#file.read(offset, LOCAL_BYTES, `the entry ${name}`);
    if (header.readUInt32LE() !== LOCAL_SIGNATURE)
      throw this.#file.error(`the entry ${name} is not at its announced position`);
    const start = offset + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
    this.#file.assertWithin(start, compressed, `the entry ${name}`);
    for (let at = 0; at < compressed; at += READ_BYTES) {
      yield await this.#file.read(start + at, Math.min(READ_BYTES, compressed - at), `the entry ${name}`);
    }
  }
}

function entriesOf(file: RandomAccessFile, directory: Buffer): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (let at = 0; at < directory.length;) {
    if (at + DIRECTORY_BYTES > directory.length || directory.readUInt32LE(at) !== DIRECTORY_SIGNATURE) {
      throw file.error('the list of its entries is damaged');
    }
    const nameEnd = at + DIRECTORY_BYTES + directory.readUInt16LE(at + 28);
    const entry: Entry = {
      name: directory.toString('utf8', at + DIRECTORY_BYTES, nameEnd),
      flags: directory.readUInt16LE(at + 8),
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      compressed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    };
    assertEntryReadable(file, entry);
    if (entries.has(entry.name)) throw file.error(`it has two entries ${entry.name}`);
    entries.set(entry.name, entry);
    at = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

function assertEntryReadable(
  file: RandomAccessFile,
  { name, flags, method, compressed, size, offset }: Entry,
): void {
  if ((flags & ENCRYPTED) !== 0) throw file.error(`the entry ${name} is encrypted`);
  if (method !== STORED && method !== DEFLATED) {
    throw file.error(`the entry ${name} has an unknown compression (${method})`);
  }
  if ([compressed, size, offset].includes(ZIP64)) throw file.error(`the entry ${name} has 4 GiB or more`);
  file.assertWithin(offset, LOCAL_BYTES + compressed, `the entry ${name}`);
  if (size > Math.max(RATIO_FREE, MAX_RATIO * compressed)) {
    throw file.error(
      `the entry ${name} would expand from ${compressed} to ${size} bytes, which weights never do`,
    );
  }
}
