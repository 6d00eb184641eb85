import { DecodeError } from '../decode-error.ts';
import { DEFLATE, FLOAT, SIGNED, UNCOMPRESSED, UNSIGNED } from './tags.ts';
import type { TiffFile } from './tiff-file.ts';
import type { Chunk, TiffPage } from './tiff-page.ts';

/** The numbers of a page with one band, in full precision, row-major. */
export interface TiffNumbers {
  values: Float64Array;
  width: number;
  height: number;
}

/** Values of `Predictor`: horizontal differences of integers, and differences of the bytes of floating point numbers. */
const HORIZONTAL = 2;
const FLOATING = 3;

/**
 * Reads the numbers of a page with one band that libvips does not read or misreads: floating point numbers of 16 and 64 bits, and
 * integers of any size. Supports strips and tiles, uncompressed and deflated, with and without a predictor.
 *
 * @throws DecodeError
 */
export async function readTiffNumbers(file: TiffFile, number: number): Promise<TiffNumbers> {
  const page = await file.verify(number);
  const { width, height, bands, compression } = page;
  if (bands !== 1) throw new DecodeError(`it has ${bands} bands instead of one`);
  if (compression !== UNCOMPRESSED && !DEFLATE.has(compression))
    throw new DecodeError('its compression is not supported. Save it uncompressed or deflated');
  const bytes = page.bits / 8;
  const read = readerOf(page);
  const values = new Float64Array(width * height);
  for (const chunk of page.chunks) {
    const data = Buffer.from(await file.chunkData(page, chunk));
    const row = chunk.width * bytes;
    for (let y = 0; y < chunk.height && chunk.y + y < height; y++) {
      const numbers = undoPredictor(data.subarray(y * row, (y + 1) * row), page, chunk);
      const target = (chunk.y + y) * width + chunk.x;
      for (let x = 0; x < chunk.width && chunk.x + x < width; x++) values[target + x] = read(numbers, x);
    }
  }
  return { values, width, height };
}

type Read = (row: DataView, index: number) => number;

function readerOf({ bits, format, isLittleEndian: little, predictor }: TiffPage): Read {
  // Undoing the floating point predictor puts the lowest byte first.
  const order = predictor === FLOATING ? true : little;
  const kinds: Record<string, Read> = {
    [`${FLOAT}-16`]: (row, i) => row.getFloat16(2 * i, order),
    [`${FLOAT}-32`]: (row, i) => row.getFloat32(4 * i, order),
    [`${FLOAT}-64`]: (row, i) => row.getFloat64(8 * i, order),
    [`${SIGNED}-8`]: (row, i) => row.getInt8(i),
    [`${SIGNED}-16`]: (row, i) => row.getInt16(2 * i, order),
    [`${SIGNED}-32`]: (row, i) => row.getInt32(4 * i, order),
    [`${UNSIGNED}-8`]: (row, i) => row.getUint8(i),
    [`${UNSIGNED}-16`]: (row, i) => row.getUint16(2 * i, order),
    [`${UNSIGNED}-32`]: (row, i) => row.getUint32(4 * i, order),
  };
  const read = kinds[`${format}-${bits}`];
  if (read === undefined)
    throw new DecodeError(`numbers of ${bits} bits in sample format ${format} are not supported`);
  return read;
}

/** Undoes the predictor of a row, in place if possible (TIFF 6.0, section 14; Adobe's TIFF technical note 3). */
function undoPredictor(
  row: Buffer,
  { bits, predictor, isLittleEndian }: TiffPage,
  { width }: Chunk,
): DataView {
  const view = new DataView(row.buffer, row.byteOffset, row.length);
  if (predictor === HORIZONTAL) {
    for (let x = 1; x < width; x++) {
      if (bits === 8) row[x] += row[x - 1];
      else if (bits === 16)
        view.setUint16(
          2 * x,
          view.getUint16(2 * x, isLittleEndian) + view.getUint16(2 * x - 2, isLittleEndian),
          isLittleEndian,
        );
      else if (bits === 32)
        view.setUint32(
          4 * x,
          view.getUint32(4 * x, isLittleEndian) + view.getUint32(4 * x - 4, isLittleEndian),
          isLittleEndian,
        );
      else throw new DecodeError(`its predictor is not supported with ${bits} bits`);
    }
    return view;
  }
  if (predictor !== FLOATING) {
    if (predictor > 1) throw new DecodeError(`its predictor ${predictor} is unknown`);
    return view;
  }
  // The bytes are differences, grouped by significance: first the highest byte of every number.
  for (let at = 1; at < row.length; at++) row[at] += row[at - 1];
  const bytes = bits / 8;
  const numbers = Buffer.alloc(row.length);
  for (let x = 0; x < width; x++)
    for (let byte = 0; byte < bytes; byte++) numbers[x * bytes + (bytes - 1 - byte)] = row[byte * width + x];
  return new DataView(numbers.buffer, numbers.byteOffset, numbers.length);
}
