import { PerchError } from '../api/errors.ts';

/** A float32 array with its shape, as an NPY file holds it (C order). */
export interface NpyArray {
  shape: number[];
  values: Float32Array;
}

const MAGIC = '\x93NUMPY';

/** Whether a file starts as an NPY file does. */
export function isNpy(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(0, 6)) === MAGIC;
}

/** What an NPY file says of its array, and where its values start. */
export interface NpyHeader {
  shape: number[];
  type: '<f4' | '<f8';
  start: number;
}

/**
 * Reads the header of an NPY file of the kind that `readNpy` reads, and that as many bytes follow as it says.
 *
 * @param bytes the file, or its beginning
 * @param size bytes of the whole file
 * @throws PerchError as `readNpy`
 */
export function readNpyHeader(bytes: Uint8Array, name = 'the array', size = bytes.length): NpyHeader {
  const fail = (reason: string): never => {
    throw new PerchError('INVALID_NPY', `${name} is not a readable NPY file: ${reason}.`);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 10 || !isNpy(bytes)) fail('it does not start as one');
  const wide = bytes[6] >= 2;
  if (wide && bytes.length < 12) fail('it ends inside its header');
  const headerLength = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = (wide ? 12 : 10) + headerLength;
  if (start > bytes.length) fail('it ends inside its header');
  const header = latin1(bytes.subarray(wide ? 12 : 10, start));

  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  if (type !== '<f4' && type !== '<f8') {
    return fail(`its type is ${type ?? 'not stated'}; save it as float32 (array.astype("float32"))`);
  }
  if (!/'fortran_order':\s*False/.test(header))
    fail('it is in Fortran order; save numpy.ascontiguousarray(array)');
  const shapeText = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1] ?? fail('it states no shape');
  const shape = shapeText
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);

  const expected = shape.reduce((product, side) => product * side, type === '<f4' ? 4 : 8);
  if (size - start !== expected) {
    fail(`its shape (${shape.join(' x ')}) takes ${expected} bytes but ${size - start} follow`);
  }
  return { shape, type, start };
}

/**
 * Reads a NumPy `.npy` file (format 1.0 to 3.0, little-endian float32 or float64, C order) as float32. The values may lie in
 * the memory of `bytes`.
 *
 * @param name what to call the file in an error
 * @throws PerchError `INVALID_NPY` on anything else, with the reason
 */
export function readNpy(bytes: Uint8Array, name = 'the array'): NpyArray {
  const { shape, type, start } = readNpyHeader(bytes, name);
  const at = bytes.byteOffset + start;
  // NumPy aligns the body in the file; where it is not aligned in memory it is copied to where it is.
  const [buffer, offset] =
    at % 8 === 0 ? [bytes.buffer, at] : [new Uint8Array(bytes.subarray(start)).buffer, 0];
  const count = shape.reduce((product, side) => product * side, 1);
  const values =
    type === '<f4'
      ? new Float32Array(buffer, offset, count)
      : Float32Array.from(new Float64Array(buffer, offset, count));
  return { shape, values };
}

/** Writes a float32 array as an NPY 1.0 file. `values.length` must be the product of `shape`. */
export function writeNpy({ shape, values }: NpyArray): Uint8Array<ArrayBuffer> {
  const shapeText = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shapeText}, }`;
  const padding = 64 - ((10 + header.length + 1) % 64);
  const text = `${header}${' '.repeat(padding % 64)}\n`;
  const bytes = new Uint8Array(10 + text.length + values.byteLength);
  for (let i = 0; i < MAGIC.length; i++) bytes[i] = MAGIC.charCodeAt(i);
  bytes[6] = 1;
  new DataView(bytes.buffer).setUint16(8, text.length, true);
  for (let i = 0; i < text.length; i++) bytes[10 + i] = text.charCodeAt(i);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 10 + text.length);
  return bytes;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
