import type { FileHandle } from 'node:fs/promises';
import type { Crop } from '../../../common/geometry.ts';
import { readError } from '../../../files/read.ts';
import type { Samples } from '../samples.ts';
import type { SampleLayout } from './stored-image.ts';

/** Rows that are read at the same time. */
const ROWS_IN_FLIGHT = 64;

/**
 * Reads the samples of a rectangle, `height` x `width` x `bands`. If the rows are wide parts of the image's rows, the bytes between
 * them are read as well, because one long read is faster.
 *
 * @param path for messages
 * @throws PerchError `NOT_READABLE`
 */
export async function readStored(
  file: FileHandle,
  path: string,
  { width: imageWidth, bands, depth, offset }: SampleLayout,
  { left, top, width, height }: Crop,
): Promise<Samples['data']> {
  const sampleBytes = depth / 8;
  const row = width * bands * sampleBytes;
  const stride = imageWidth * bands * sampleBytes;
  const start = offset + top * stride + left * bands * sampleBytes;
  const bytes = Buffer.from(new ArrayBuffer(row * height));
  const read = async (into: Buffer, at: number) => {
    for (let filled = 0; filled < into.length;) {
      const { bytesRead } = await file.read(into, filled, into.length - filled, at + filled);
      if (bytesRead === 0) throw Object.assign(new Error('unexpected end'), { code: 'truncated' });
      filled += bytesRead;
    }
  };
  try {
    if (row === stride) {
      await read(bytes, start);
    } else if (2 * row >= stride) {
      const span = Buffer.allocUnsafe(stride * (height - 1) + row);
      await read(span, start);
      for (let y = 0; y < height; y++) span.copy(bytes, y * row, y * stride, y * stride + row);
    } else {
      for (let first = 0; first < height; first += ROWS_IN_FLIGHT) {
        const count = Math.min(ROWS_IN_FLIGHT, height - first);
        await Promise.all(
          Array.from({ length: count }, (_, at) => {
            const y = first + at;
            return read(bytes.subarray(y * row, (y + 1) * row), start + y * stride);
          }),
        );
      }
    }
  } catch (cause) {
    throw readError(path, cause);
  }
  return depth === 16 ? new Uint16Array(bytes.buffer) : new Uint8Array(bytes.buffer);
}
