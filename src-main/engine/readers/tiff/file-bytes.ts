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

  readUInt8 = (at = 0) => this.#read(at, (window, position) => window.readUInt8(position));
  readUInt16LE = (at = 0) => this.#read(at, (window, position) => window.readUInt16LE(position));
  readUInt16BE = (at = 0) => this.#read(at, (window, position) => window.readUInt16BE(position));
  readUInt32LE = (at = 0) => this.#read(at, (window, position) => window.readUInt32LE(position));
  readUInt32BE = (at = 0) => this.#read(at, (window, position) => window.readUInt32BE(position));
  readBigUInt64LE = (at = 0) => this.#read(at, (window, position) => window.readBigUInt64LE(position));
  readBigUInt64BE = (at = 0) => this.#read(at, (window, position) => window.readBigUInt64BE(position));

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

  /** Reads a value from the window, which is moved if it does not hold the value. */
  #read<Value>(at: number, read: (window: Buffer, position: number) => Value): Value {
    const isInside = at >= this.#windowAt && at + LONGEST <= this.#windowAt + this.#window.length;
    if (!isInside) {
      this.#window = this.subarray(at, at + WINDOW);
      this.#windowAt = at;
    }
    return read(this.#window, at - this.#windowAt);
  }
}
