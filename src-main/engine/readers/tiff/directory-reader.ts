import { DecodeError } from '../decode-error.ts';
import type { TiffBytes } from './file-bytes.ts';
import { RATIONAL, TYPE_BYTES } from './tags.ts';

/** A field of a directory. */
export interface Field {
  tag: number;
  type: number;
  /** Number of values. */
  count: number;
  /** Offset of the field's entry in the directory. */
  entryAt: number;
  /** Offset of the values: inside the entry when they fit, elsewhere otherwise. */
  valueAt: number;
}

/** Reads the directories (IFDs) of a TIFF or BigTIFF file in either byte order. */
export class DirectoryReader<Bytes extends TiffBytes = Buffer> {
  readonly bytes: Bytes;
  readonly isLittleEndian: boolean;
  /** Whether the file is BigTIFF, with offsets of 8 bytes instead of 4. */
  readonly isBig: boolean;

  /** @throws DecodeError if the header is truncated */
  constructor(bytes: Bytes) {
    this.bytes = bytes;
    this.isLittleEndian = bytes.length > 0 && bytes.readUInt8(0) === 0x49;
    this.isBig = this.#u16(2) === 43;
  }

  /** Bytes of an offset, and of the value field of an entry. */
  get offsetBytes(): number {
    return this.isBig ? 8 : 4;
  }

  /** Bytes of the file header. */
  get headerBytes(): number {
    return this.isBig ? 16 : 8;
  }

  /** Bytes of the entry count at the start of a directory. */
  get countBytes(): number {
    return this.isBig ? 8 : 2;
  }

  /** Bytes of one entry of a directory. */
  get entryBytes(): number {
    return this.isBig ? 20 : 12;
  }

  /** Offset of the first directory. */
  get first(): number {
    return this.#offset(this.headerBytes - this.offsetBytes);
  }

  /** Offset of the directory after this one, 0 after the last. */
  next(directory: number): number {
    return this.#offset(this.end(directory));
  }

  /** Offset of the pointer to the next directory, which follows the last entry. */
  end(directory: number): number {
    const count = this.isBig ? this.#u64(directory) : this.#u16(directory);
    const end = directory + this.countBytes + count * this.entryBytes;
    this.#assertInside(end, this.offsetBytes);
    return end;
  }

  /** The fields of a directory whose type is known, in order. */
  *fields(directory: number): Generator<Field> {
    const end = this.end(directory);
    for (let at = directory + this.countBytes; at < end; at += this.entryBytes) {
      const field = this.#fieldAt(at);
      if (field) yield field;
    }
  }

  field(directory: number, tag: number): Field | undefined {
    const end = this.end(directory);
    for (let at = directory + this.countBytes; at < end; at += this.entryBytes)
      if (this.#u16(at) === tag) return this.#fieldAt(at);
    return undefined;
  }

  /** The first value of a tag, undefined if the directory lacks the tag. */
  value(directory: number, tag: number): number | undefined {
    return this.values(directory, tag, 1)?.[0];
  }

  /** The values of an integer tag, at most `limit` of them. */
  values(directory: number, tag: number, limit = Infinity): number[] | undefined {
    const field = this.field(directory, tag);
    if (!field || field.count === 0) return undefined;
    const size = TYPE_BYTES[field.type];
    return Array.from({ length: Math.min(field.count, limit) }, (_, index) => {
      const at = field.valueAt + size * index;
      if (size === 1) return this.bytes.readUInt8(at);
      if (size === 2) return this.#u16(at);
      return size === 4 ? this.#u32(at) : this.#u64(at);
    });
  }

  /** The first value of a tag that is a fraction; undefined if the directory lacks it or its denominator is 0. */
  fraction(directory: number, tag: number): number | undefined {
    const field = this.field(directory, tag);
    if (field?.type !== RATIONAL || field.count < 1) return undefined;
    const value = this.#u32(field.valueAt) / this.#u32(field.valueAt + 4);
    return Number.isFinite(value) ? value : undefined;
  }

  #fieldAt(entryAt: number): Field | undefined {
    const type = this.#u16(entryAt + 2);
    const size = TYPE_BYTES[type];
    if (size === undefined) return undefined;
    const count = this.#offset(entryAt + 4);
    const inline = entryAt + this.entryBytes - this.offsetBytes;
    const valueAt = size * count <= this.offsetBytes ? inline : this.#offset(inline);
    this.#assertInside(valueAt, size * count);
    return { tag: this.#u16(entryAt), type, count, entryAt, valueAt };
  }

  #offset(at: number): number {
    return this.isBig ? this.#u64(at) : this.#u32(at);
  }

  #u16(at: number): number {
    this.#assertInside(at, 2);
    return this.isLittleEndian ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at);
  }

  #u32(at: number): number {
    this.#assertInside(at, 4);
    return this.isLittleEndian ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }

  #u64(at: number): number {
    this.#assertInside(at, 8);
    return Number(this.isLittleEndian ? this.bytes.readBigUInt64LE(at) : this.bytes.readBigUInt64BE(at));
  }

  #assertInside(at: number, bytes: number): void {
    if (at + bytes > this.bytes.length)
      throw new DecodeError(
        'it is truncated or damaged: part of a directory lies beyond the end of the file',
      );
  }
}
