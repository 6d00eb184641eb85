import { type Field, stringsOf } from './protobuf-fields.ts';

// Field numbers of the official onnx.proto.
const VALUE_INFO = { name: 1, type: 2 };
const TYPE = { tensor: 1 };
const TENSOR_TYPE = { element: 1, shape: 2 };
const SHAPE = { dimension: 1 };
const DIMENSION = { value: 1 };

/** Names of element types, by their number in the official onnx.proto. */
const ELEMENTS: Record<number, string> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  8: 'strings',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
  16: 'bfloat16',
};
/** Largest number of dimensions that are read. */
const MAX_SIDES = 12;

/** An input or output of a graph, as the graph declares it. */
export interface ValueDeclaration {
  name: string;
  /** Element type; undefined if not declared. */
  element: string | undefined;
  /** Length of each dimension, null where it is free; undefined if the shape is not declared. */
  sides: (number | null)[] | undefined;
}

/** Reads a `ValueInfoProto`. */
export function readDeclaration(
  valueInfo: Uint8Array,
  read: (message: Uint8Array) => Field[],
): ValueDeclaration {
  const fields = read(valueInfo);
  const inside = (message: Uint8Array | undefined, number: number) =>
    message && read(message).find((field) => field.number === number);
  const [name = ''] = stringsOf(fields, VALUE_INFO.name);
  const own = fields.find(({ number }) => number === VALUE_INFO.type)?.body;
  const type = inside(own, TYPE.tensor)?.body;
  const element = inside(type, TENSOR_TYPE.element)?.value ?? 0;
  const shape = inside(type, TENSOR_TYPE.shape)?.body;
  return {
    name,
    element: element === 0 ? undefined : (ELEMENTS[element] ?? `type ${element}`),
    sides: shape && sidesOf(shape, read),
  };
}

function sidesOf(shape: Uint8Array, read: (message: Uint8Array) => Field[]): (number | null)[] {
  return read(shape)
    .filter(({ number }) => number === SHAPE.dimension)
    .slice(0, MAX_SIDES)
    .map(({ body }) => read(body).find(({ number }) => number === DIMENSION.value)?.value ?? 0)
    .map((side) => (side > 0 ? side : null));
}
