import { openRegular, readError } from '../../../files/read.ts';
import { DecodeError } from '../decode-error.ts';
import type { Samples } from '../samples.ts';
import { RowWriter } from './row-writer.ts';
import type { SampleLayout, Work } from './stored-image.ts';

/** Bytes that are decoded at once. */
const BAND_BYTES = 2 ** 22;

/** The rows of an uncompressed image file. */
export interface FileRows {
  file: string;
  width: number;
  height: number;
  depth: 8 | 16;
  channels: number;
  /** Offset of the first row in the file, and bytes of each. */
  start: number;
  rowBytes: number;
  topDown: boolean;
  decode(bytes: Buffer): Samples['data'];
}

/** Checks that a file holds all its rows. Some writers omit the padding of the last one. @throws DecodeError */
export function assertComplete({ start, rowBytes, height }: FileRows, size: number, padding = 0): void {
  const needed = rowBytes * height - padding;
  if (start + needed > size)
    throw new DecodeError(
      `it is truncated: its pixels need ${needed} bytes, but it has only ${Math.max(0, size - start)}`,
    );
}

/** Decodes rows to a new file, from the top. @throws PerchError; DecodeError */
export async function decodeRows(
  rows: FileRows,
  to: string,
  { signal, report }: Work,
): Promise<SampleLayout> {
  const { file, width, height, depth, channels, start, rowBytes, topDown } = rows;
  await using source = await openRegular(file);
  await using target = await RowWriter.create(to);
  const band = Math.max(1, Math.floor(BAND_BYTES / rowBytes));
  for (let top = 0; top < height; top += band) {
    signal?.throwIfAborted();
    const count = Math.min(band, height - top);
    const bytes = Buffer.alloc(count * rowBytes);
    const first = topDown ? top : height - top - count;
    try {
      await source.read(bytes, 0, bytes.length, start + first * rowBytes);
    } catch (cause) {
      throw readError(file, cause);
    }
    await target.write(rows.decode(bytes));
    report?.((top + count) / height);
  }
  return { width, height, depth, bands: channels, offset: 0 };
}
