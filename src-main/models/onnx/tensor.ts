import { tensorTypes } from './schema.ts';
import type { TensorProto } from './schema.ts';

/** Element types that the writer supports. */
export type TensorType = 'float32' | 'float16' | 'uint8' | 'int8' | 'int64' | 'bool';

/** A constant tensor: row-major elements as little-endian bytes. */
export interface Tensor {
  type: TensorType;
  dims: readonly number[];
  bytes: Uint8Array;
}

const ELEMENTS: Record<TensorType, { schemaName: string; size: number }> = {
  float32: { schemaName: 'FLOAT', size: 4 },
  float16: { schemaName: 'FLOAT16', size: 2 },
  uint8: { schemaName: 'UINT8', size: 1 },
  int8: { schemaName: 'INT8', size: 1 },
  int64: { schemaName: 'INT64', size: 8 },
  bool: { schemaName: 'BOOL', size: 1 },
};

/** A float32 tensor. `dims` of `[]` create a scalar. Values are rounded to the nearest float32. */
export function float32(dims: readonly number[], values: ArrayLike<number>): Tensor {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat32(i * 4, values[i], true);
  return assertSize({ type: 'float32', dims, bytes });
}

/** A float16 tensor from the bits of its values (IEEE 754 binary16). */
export function float16(dims: readonly number[], bits: Uint16Array): Tensor {
  const bytes = new Uint8Array(bits.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < bits.length; i++) view.setUint16(i * 2, bits[i], true);
  return assertSize({ type: 'float16', dims, bytes });
}

/** An int8 tensor. */
export function int8(dims: readonly number[], values: Int8Array): Tensor {
  return assertSize({
    type: 'int8',
    dims,
    bytes: new Uint8Array(values.buffer, values.byteOffset, values.length),
  });
}

/** An int64 tensor. `dims` of `[]` create a scalar; without `dims`, it is a vector. */
export function int64(values: readonly number[], dims: readonly number[] = [values.length]): Tensor {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setBigInt64(i * 8, BigInt(values[i]), true);
  return assertSize({ type: 'int64', dims, bytes });
}

/** The schema's number of an element type. */
export function typeNumber(type: TensorType): number {
  return tensorTypes[ELEMENTS[type].schemaName];
}

/** The tensor as a message of the schema. */
export function toTensorProto(name: string, tensor: Tensor): TensorProto {
  const { type, dims, bytes } = tensor;
  return { name, dims: [...dims], data_type: typeNumber(type), raw_data: bytes };
}

function assertSize(tensor: Tensor): Tensor {
  const count = tensor.dims.reduce((product, side) => product * side, 1);
  const held = tensor.bytes.length / ELEMENTS[tensor.type].size;
  if (count !== held) throw new RangeError(`${held} values do not fill [${tensor.dims.join(', ')}]`);
  return tensor;
}
