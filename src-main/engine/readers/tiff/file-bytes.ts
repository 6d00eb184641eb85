import { fstatSync, readSync } from 'node:fs';

/** Random access to the bytes of a TIFF file. A `Buffer` is one. */
export type TiffBytes = Pick<
  Buffer,
  | 'length'
  | 'readUInt8'
  | 'readUInt16LE'
  | 'readUInt16BE'
  | 'readUInt32LE'
  | 'readUInt32BE'
  | 'readBigUInt64LE'
  | 'readBigUInt64BE'
> & {
  subarray(start: number, end: number): Buffer;
};

/** Directories and lists of offsets are read in order, so that few windows are read. */
const WINDOW = 2 ** 16;

/** The largest value. */
const LONGEST = 8;

/** The bytes of an open file, read when they are needed. */
export class FileBytes implements TiffBytes {
  readonly length: number;
  readonly #file: number;
  #window: Buffer = Buffer.alloc(0);
  #windowAt = 0;

  /** @param file its descriptor, which must stay open */
  constructor(file: number) {
    this.#file = file;
    this.length = fstatSync(file).size;
  }

  readUInt8 = (at = 0) => this.#window.readUInt8(this.#locate(at));
  readUInt16LE = (at = 0) => this.#window.readUInt16LE(this.#locate(at));
  readUInt16BE = (at = 0) => this.#window.readUInt16BE(this.#locate(at));
  readUInt32LE = (at = 0) => this.#window.readUInt32LE(this.#locate(at));
  readUInt32BE = (at = 0) => this.#window.readUInt32BE(this.#locate(at));
  readBigUInt64LE = (at = 0) => this.#window.readBigUInt64LE(this.#locate(at));
  readBigUInt64BE = (at = 0) => this.#window.readBigUInt64BE(this.#locate(at));

  /** A copy of the bytes from `start` to `end`, fewer at the end of the file. */
  subarray(start: number, end: number): Buffer {
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(end, this.length) - start));
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(this.#file, bytes, filled, bytes.length - filled, start + filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  }

  /** The position of a value in the window, which is moved if it does not hold the value. */
  #locate(at: number): number {
    const isInside = at >= this.#windowAt && at + LONGEST <= this.#windowAt + this.#window.length;
    if (!isInside) {
      this.#window = this.subarray(at, at + WINDOW);
      this.#windowAt = at;
    }
    return at - this.#windowAt;
  }
}
