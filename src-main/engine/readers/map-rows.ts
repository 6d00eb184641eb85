import { npyHeaderBytes, readNpyHeader } from '../../common/maps/npy.ts';
import { PerchError } from '../../common/api/errors.ts';
import { openRegular, readError } from '../../files/read.ts';

/** Longest header of an NPY file that is read. */
const HEADER_BYTES = 4096;

/** Values that are read at once. */
const VALUES_AT_ONCE = 2 ** 20;

/** Consecutive rows of a map. */
export interface MapRows {
  /** Index of the first row. */
  top: number;
  rows: number;
  /** rows x width. */
  values: Float32Array;
}

/** A map of the store, to be read in parts. */
export interface MapReader extends AsyncDisposable {
  width: number;
  height: number;
  /** All rows from the top, some at a time. The values are valid until the next step. */
  read(): AsyncGenerator<MapRows, void, void>;
}

/**
 * Opens a map of the store (NPY, float32, rows x columns) without reading its values.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `INVALID_NPY`
 */
export async function openMapRows(path: string): Promise<MapReader> {
  const file = await openRegular(path);
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(Math.min(HEADER_BYTES, size));
    await file.read(head, 0, head.length, 0);
    const { shape, type, isLittleEndian, isFortran, start } = readNpyHeader(
      head.subarray(0, npyHeaderBytes(head, path)),
      path,
      size,
    );
    if (shape.length !== 2 || type !== 'f4' || !isLittleEndian || isFortran)
      throw new PerchError('INVALID_NPY', `${path} is not a map of the store (float32, rows x columns).`);
    const [height, width] = shape;
    return {
      width,
      height,
      async *read() {
        const atOnce = Math.max(1, Math.min(height, Math.floor(VALUES_AT_ONCE / width)));
        const values = new Float32Array(atOnce * width);
        const bytes = Buffer.from(values.buffer);
        for (let top = 0; top < height; top += atOnce) {
          const rows = Math.min(atOnce, height - top);
          const length = 4 * rows * width;
          let filled = 0;
          while (filled < length) {
            const at = start + 4 * top * width + filled;
            const { bytesRead } = await file.read(bytes, filled, length - filled, at);
            if (bytesRead === 0) throw new PerchError('INVALID_NPY', `${path} ends before its last row.`);
            filled += bytesRead;
          }
          yield { top, rows, values: values.subarray(0, rows * width) };
        }
      },
      [Symbol.asyncDispose]: () => file.close(),
    };
  } catch (cause) {
    await file.close();
    throw cause instanceof PerchError ? cause : readError(path, cause);
  }
}
