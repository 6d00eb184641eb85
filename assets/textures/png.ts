import { constants, crc32, deflateSync } from 'node:zlib';
import type { Indexed } from './palette.ts';

/**
 * Writes PNG with few colors. sharp's palettes have 16 or 256 colors, in an order that PNG's filters cannot
 * predict; a palette of 48 colors in order of brightness takes half the bytes.
 */

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const PALETTE_COLOR = 3;
const GRAY = 0;

function chunk(type: string, body: Uint8Array): Buffer {
  const framed = Buffer.alloc(12 + body.length);
  framed.writeUInt32BE(body.length, 0);
  framed.write(type, 4, 'latin1');
  framed.set(body, 8);
  framed.writeUInt32BE(crc32(framed.subarray(4, 8 + body.length)), 8 + body.length);
  return framed;
}

/** PNG's five predictions of a byte from its left, upper, and upper left neighbors. */
const PREDICTIONS: readonly ((left: number, above: number, corner: number) => number)[] = [
  () => 0,
  (left) => left,
  (_, above) => above,
  (left, above) => (left + above) >> 1,
  (left, above, corner) => {
    const estimate = left + above - corner;
    const [toLeft, toAbove, toCorner] = [left, above, corner].map((level) => Math.abs(estimate - level));
    if (toLeft <= toAbove && toLeft <= toCorner) return left;
    return toAbove <= toCorner ? above : corner;
  },
];

/** The rows of a square picture after filtering, each preceded by the filter's number. */
function filtered(bytes: Uint8Array, size: number, filter: number): Uint8Array {
  const rows = new Uint8Array(size * (size + 1));
  const predict = PREDICTIONS[filter];
  const at = (row: number, column: number): number =>
    row < 0 || column < 0 ? 0 : bytes[row * size + column];
  for (let row = 0; row < size; row++) {
    rows[row * (size + 1)] = filter;
    for (let column = 0; column < size; column++) {
      const guess = predict(at(row, column - 1), at(row - 1, column), at(row - 1, column - 1));
      rows[row * (size + 1) + column + 1] = at(row, column) - guess;
    }
  }
  return rows;
}

function encode(bytes: Uint8Array, size: number, colorType: number, palette?: Uint8Array): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header[8] = 8;
  header[9] = colorType;
  const streams = PREDICTIONS.map((_, filter) =>
    deflateSync(filtered(bytes, size, filter), {
      level: 9,
      memLevel: 9,
      strategy: filter === 0 ? constants.Z_DEFAULT_STRATEGY : constants.Z_FILTERED,
    }),
  );
  const shortest = streams.reduce((best, stream) => (stream.length < best.length ? stream : best));
  return Buffer.concat([
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', header),
    ...(palette ? [chunk('PLTE', palette)] : []),
    chunk('IDAT', shortest),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

/** A square palette picture as a PNG file. */
export function encodeIndexed({ palette, indices }: Indexed, size: number): Buffer {
  return encode(indices, size, PALETTE_COLOR, Uint8Array.from(palette.flat()));
}

/** A square mask of 0 and 255 as an 8-bit gray PNG file. */
export function encodeMask(mask: Uint8Array, size: number): Buffer {
  return encode(mask, size, GRAY);
}
