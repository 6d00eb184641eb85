/** Element types of checkpoints. */
export type Dtype =
  'float64' | 'float32' | 'float16' | 'bfloat16' | 'int64' | 'int32' | 'int16' | 'int8' | 'uint8' | 'bool';

/** Bytes of one element. */
export const dtypeBytes: Record<Dtype, number> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** Whether the type is floating-point, as weights must be. */
export function isFloating(type: Dtype): boolean {
  return type.includes('float');
}

/** Converts little-endian floating-point elements to float32. Rounds float64. */
export function toFloat32(bytes: Uint8Array, type: Dtype): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(bytes.byteLength / dtypeBytes[type]);
  if (type === 'float32') {
    for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(4 * i, true);
  } else if (type === 'float16') {
    for (let i = 0; i < values.length; i++) values[i] = fromFloat16(view.getUint16(2 * i, true));
  } else if (type === 'float64') {
    for (let i = 0; i < values.length; i++) values[i] = view.getFloat64(8 * i, true);
  } else if (type === 'bfloat16') {
    // bfloat16 is the upper half of a float32.
    const bits = new Uint32Array(values.buffer);
    for (let i = 0; i < values.length; i++) bits[i] = view.getUint16(2 * i, true) << 16;
  } else {
    throw new RangeError(`${type} is not a floating-point type`);
  }
  return values;
}

/** Decodes an IEEE 754 binary16. */
export function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Rounds to the nearest binary16, ties to even. Values beyond 65504 become infinite. */
export function toFloat16(value: number): number {
  const sign = value < 0 ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | nearestEven(size * 2 ** 24);
  float[0] = size;
  const exponent = (floatBits[0] >>> 23) - 127;
  // A carry out of the fraction correctly increments the exponent.
  return sign | (((exponent + 14) << 10) + nearestEven(size * 2 ** (10 - exponent)));
}

const float = new Float32Array(1);
const floatBits = new Uint32Array(float.buffer);

function nearestEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}
