import type { DirectoryReader, Field } from './directory-reader.ts';
import { DIRECTORY_POINTERS, LONG, LONG8, OLD_JPEG, TAGS, TYPE_BYTES } from './tags.ts';
import type { Chunk } from './tiff-page.ts';

/**
 * Copies one page into a separate TIFF file, so that a decoder does not walk through every directory of a
 * long stack. The bytes of other pages are copied only if this page overlaps them or refers to them.
 *
 * @param directory offset of the page's directory
 */
export function copyPage(reader: DirectoryReader, directory: number, chunks: readonly Chunk[]): Buffer {
  const { bytes } = reader;
  const total = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  const isComplete = chunks.every((chunk) => chunk.offset + chunk.bytes <= bytes.length);
  // The tables of old-style JPEG may be anywhere in the file.
  const isOldJpeg = reader.value(directory, TAGS.compression) === OLD_JPEG;
  // Overlapping chunks would be copied several times.
  if (!isComplete || isOldJpeg || total > bytes.length) return relinked(reader, directory);
  return compacted(reader, directory, chunks);
}

/** A copy of the whole file whose list of directories contains only this one. */
function relinked(reader: DirectoryReader, directory: number): Buffer {
  const copy = Buffer.from(reader.bytes);
  writeOffset(copy, directory, reader.headerBytes - reader.offsetBytes, reader);
  writeOffset(copy, 0, reader.end(directory), reader);
  return copy;
}

/** A file of one directory, its values and its chunks. */
function compacted(reader: DirectoryReader, directory: number, chunks: readonly Chunk[]): Buffer {
  const { bytes, headerBytes, countBytes, entryBytes, offsetBytes } = reader;
  const fields = [...reader.fields(directory)].filter(({ tag }) => !DIRECTORY_POINTERS.has(tag));
  const valueBytes = (field: Field) =>
    isOffsets(field) ? offsetBytes * chunks.length : TYPE_BYTES[field.type] * field.count;

  const tableEnd = headerBytes + countBytes + fields.length * entryBytes + offsetBytes;
  const external = fields.map(valueBytes).filter((size) => size > offsetBytes);
  const dataStart = external.reduce((end, size) => end + even(size), tableEnd);
  // Overlapping values would also be copied several times.
  if (dataStart > bytes.length + offsetBytes * chunks.length) return relinked(reader, directory);
  const file = Buffer.alloc(chunks.reduce((end, chunk) => end + even(chunk.bytes), dataStart));

  bytes.copy(file, 0, 0, headerBytes);
  writeOffset(file, headerBytes, headerBytes - offsetBytes, reader);
  if (reader.isBig) writeOffset(file, fields.length, headerBytes, reader);
  else writeShort(file, fields.length, headerBytes, reader);

  let free = tableEnd;
  for (const [index, field] of fields.entries()) {
    const entryAt = headerBytes + countBytes + index * entryBytes;
    bytes.copy(file, entryAt, field.entryAt, field.entryAt + entryBytes);
    const size = valueBytes(field);
    let valueAt = entryAt + entryBytes - offsetBytes;
    if (size > offsetBytes) {
      writeOffset(file, free, valueAt, reader);
      valueAt = free;
      free += even(size);
    }
    if (!isOffsets(field)) {
      bytes.copy(file, valueAt, field.valueAt, field.valueAt + size);
      continue;
    }
    writeShort(file, reader.isBig ? LONG8 : LONG, entryAt + 2, reader);
    writeOffset(file, chunks.length, entryAt + 4, reader);
    let chunkAt = dataStart;
    for (const [position, chunk] of chunks.entries()) {
      writeOffset(file, chunkAt, valueAt + offsetBytes * position, reader);
      bytes.copy(file, chunkAt, chunk.offset, chunk.offset + chunk.bytes);
      chunkAt += even(chunk.bytes);
    }
  }
  return file;
}

function isOffsets({ tag }: Field): boolean {
  return tag === TAGS.stripOffsets || tag === TAGS.tileOffsets;
}

/** TIFF requires even offsets. */
function even(bytes: number): number {
  return bytes + (bytes % 2);
}

/** Writes an offset or a count in the file's byte order: 8 bytes in BigTIFF, 4 in TIFF. */
function writeOffset(
  file: Buffer,
  value: number,
  at: number,
  { isBig, isLittleEndian }: DirectoryReader,
): void {
  if (isBig && isLittleEndian) file.writeBigUInt64LE(BigInt(value), at);
  else if (isBig) file.writeBigUInt64BE(BigInt(value), at);
  else if (isLittleEndian) file.writeUInt32LE(value, at);
  else file.writeUInt32BE(value, at);
}

function writeShort(file: Buffer, value: number, at: number, { isLittleEndian }: DirectoryReader): void {
  if (isLittleEndian) file.writeUInt16LE(value, at);
  else file.writeUInt16BE(value, at);
}
