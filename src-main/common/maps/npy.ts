import { PerchError } from '../api/errors.ts';

/** A float32 array in C order. */
export interface NpyArray {
  shape: number[];
  values: Float32Array;
}

const MAGIC = '\x93NUMPY';

/** Whether a file starts with the magic bytes of NPY. */
export function isNpy(bytes: Uint8Array): boolean {
  return bytes.length >= MAGIC.length && [...MAGIC].every((letter, i) => bytes[i] === letter.charCodeAt(0));
}

/** The header of an NPY file. */
export interface NpyHeader {
  shape: number[];
  /** NumPy type code: kind and size in bytes, such as `f4`, `i8` or `b1`. */
  type: NumberType;
  isLittleEndian: boolean;
  /** Whether float32 represents every number of the type. */
  isExact: boolean;
  /** Whether the first axis changes fastest. */
  isFortran: boolean;
  /** Offset of the values in bytes. */
  start: number;
}

/** The number of bytes that contain the length of the header. */
export const NPY_PREAMBLE = 12;

/** Readers of the types. Exact types are read into float32, others into float64. */
const TYPES = {
  b1: { bytes: 1, isExact: true, read: (view: DataView, at: number) => (view.getUint8(at) === 0 ? 0 : 1) },
  i1: { bytes: 1, isExact: true, read: (view: DataView, at: number) => view.getInt8(at) },
  u1: { bytes: 1, isExact: true, read: (view: DataView, at: number) => view.getUint8(at) },
  i2: {
    bytes: 2,
    isExact: true,
    read: (view: DataView, at: number, little: boolean) => view.getInt16(at, little),
  },
  u2: {
    bytes: 2,
    isExact: true,
    read: (view: DataView, at: number, little: boolean) => view.getUint16(at, little),
  },
  i4: {
    bytes: 4,
    isExact: false,
    read: (view: DataView, at: number, little: boolean) => view.getInt32(at, little),
  },
  u4: {
    bytes: 4,
    isExact: false,
    read: (view: DataView, at: number, little: boolean) => view.getUint32(at, little),
  },
  i8: {
    bytes: 8,
    isExact: false,
    read: (view: DataView, at: number, little: boolean) => Number(view.getBigInt64(at, little)),
  },
  u8: {
    bytes: 8,
    isExact: false,
    read: (view: DataView, at: number, little: boolean) => Number(view.getBigUint64(at, little)),
  },
  f2: {
    bytes: 2,
    isExact: true,
    read: (view: DataView, at: number, little: boolean) => halfToNumber(view.getUint16(at, little)),
  },
  f4: {
    bytes: 4,
    isExact: true,
    read: (view: DataView, at: number, little: boolean) => view.getFloat32(at, little),
  },
  f8: {
    bytes: 8,
    isExact: false,
    read: (view: DataView, at: number, little: boolean) => view.getFloat64(at, little),
  },
} as const;
type NumberType = keyof typeof TYPES;
/** Integer types with numbers that float64 cannot represent. */
const WIDE: ReadonlySet<NumberType> = new Set(['i8', 'u8']);

/**
 * The offset of the values of an NPY file, from its first `NPY_PREAMBLE` bytes.
 *
 * @throws PerchError `INVALID_NPY`
 */
export function npyHeaderBytes(bytes: Uint8Array, name = 'the array'): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes[0] === 0x50 && bytes[1] === 0x4b)
    throw invalid(name, 'it is an archive of arrays (NPZ); save a single array with numpy.save');
  if (bytes.length < 10 || !isNpy(bytes)) throw invalid(name, 'it does not start with the magic bytes');
  if (bytes[6] < 2) return 10 + view.getUint16(8, true);
  if (bytes.length < 12) throw invalid(name, 'it ends inside its header');
  return 12 + view.getUint32(8, true);
}

/**
 * Reads the header of an NPY file and checks that its values have the stated size.
 *
 * @param bytes the file or its beginning
 * @param size size of the whole file in bytes
 * @throws PerchError `INVALID_NPY` if `readNpy` cannot read the file
 */
export function readNpyHeader(bytes: Uint8Array, name = 'the array', size = bytes.length): NpyHeader {
  const start = npyHeaderBytes(bytes, name);
  if (start > bytes.length) throw invalid(name, 'it ends inside its header');
  // String.fromCharCode would overflow the stack with a long header.
  const header = new TextDecoder().decode(bytes.subarray(bytes[6] < 2 ? 10 : 12, start));
  const [, order, type] = /'descr':\s*'([<>|=]?)(\w+)'/.exec(header) ?? [];
  if (type === undefined) throw invalid(name, 'its elements have no single type; save a simple array');
  if (!isNumberType(type))
    throw invalid(name, `its type is ${type}; save it as float32 (array.astype("float32"))`);
  const fortran = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  if (fortran === undefined) throw invalid(name, 'its header has no fortran_order');
  const shapeText = /'shape':\s*\(([\dL,\s]*)\)/.exec(header)?.[1];
  if (shapeText === undefined) throw invalid(name, 'its header has no shape');
  const shape = shapeText
    .split(',')
    .map((part) => part.trim().replace(/L$/, ''))
    .filter((part) => part !== '')
    .map(Number);
  const expected = shape.reduce((product, side) => product * side, TYPES[type].bytes);
  if (size - start !== expected)
    throw invalid(
      name,
      `its shape (${shape.join(' x ')}) requires ${expected} bytes, but ${size - start} follow`,
    );
  const { isExact } = TYPES[type];
  return {
    shape,
    type,
    isExact,
    isLittleEndian: order !== '>',
    isFortran: fortran === 'True' && shape.length > 1,
    start,
  };
}

/**
 * Reads a NumPy `.npy` file (format 1.0 to 3.0) as float32 in C order. Supports floating-point numbers of 16, 32 and 64 bits,
 * integers and booleans in both byte orders, in C or Fortran order. The result may share the memory of `bytes`.
 *
 * @param name of the file in error messages
 * @throws PerchError `INVALID_NPY` with the reason
 */
export function readNpy(bytes: Uint8Array, name = 'the array'): NpyArray {
  const { shape, values } = readPreciseNpy(bytes, name);
  return { shape, values: values instanceof Float32Array ? values : Float32Array.from(values) };
}

/** Like `readNpy`, but without loss: returns float64 if float32 cannot represent every number of the type. */
export function readPreciseNpy(
  bytes: Uint8Array,
  name = 'the array',
): { shape: number[]; values: Float32Array | Float64Array } {
  const { shape, type, isExact, isLittleEndian, isFortran, start } = readNpyHeader(bytes, name);
  const count = shape.reduce((product, side) => product * side, 1);
  const offset = bytes.byteOffset + start;
  if (type === 'f4' && isLittleEndian && !isFortran) {
    // NumPy aligns the values in the file. If they are not aligned in memory, copy them.
    const [buffer, aligned] =
      offset % 4 === 0 ? [bytes.buffer, offset] : [new Uint8Array(bytes.subarray(start)).buffer, 0];
    return { shape, values: new Float32Array(buffer, aligned, count) };
  }
  const { bytes: size, read } = TYPES[type];
  const view = new DataView(bytes.buffer, offset, count * size);
  const values = isExact ? new Float32Array(count) : new Float64Array(count);
  const indices = isFortran ? fortranToCOrder(shape, count) : undefined;
  for (let i = 0; i < count; i++) {
    const value = read(view, i * size, isLittleEndian);
    if (WIDE.has(type) && !Number.isSafeInteger(value))
      throw invalid(
        name,
        `it has numbers beyond 2^53, which would be rounded; save differences (array - array.min()) as float64`,
      );
    values[indices ? indices[i] : i] = value;
  }
  return { shape, values };
}

/** The C-order index of each value of an array in Fortran order. */
function fortranToCOrder(shape: readonly number[], count: number): Float64Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
  const indices = new Float64Array(count);
  const index = shape.map(() => 0);
  let position = 0;
  for (let i = 0; i < count; i++) {
    indices[i] = position;
    for (let axis = 0; axis < shape.length; axis++) {
      index[axis]++;
      position += strides[axis];
      if (index[axis] < shape[axis]) break;
      position -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return indices;
}

/** Decodes a half-precision number (IEEE 754 binary16). */
function halfToNumber(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function isNumberType(type: string): type is NumberType {
  return Object.hasOwn(TYPES, type);
}

function invalid(name: string, reason: string): PerchError {
  return new PerchError('INVALID_NPY', `${name} is not a readable NPY file: ${reason}.`);
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
