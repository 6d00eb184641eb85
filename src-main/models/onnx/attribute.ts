import { attributeTypes } from './schema.ts';
import type { AttributeProto, GraphProto } from './schema.ts';
import { toTensorProto } from './tensor.ts';
import type { Tensor } from './tensor.ts';

/** An attribute that the operator wants as FLOAT or FLOATS: JavaScript's numbers alone do not tell. */
export class Float {
  readonly values: number | readonly number[];

  constructor(values: number | readonly number[]) {
    this.values = values;
  }
}

/** The body of a control-flow operator, made by `GraphBuilder.subgraph`. */
export class Subgraph {
  readonly graph: GraphProto;

  constructor(graph: GraphProto) {
    this.graph = graph;
  }
}

/** What an attribute may be: INT, INTS (plain numbers, whole), STRING, FLOAT or FLOATS, TENSOR, GRAPH. */
export type Attribute = number | readonly number[] | string | Float | Tensor | Subgraph;

/** @throws RangeError if a plain number is not whole: write it as `new Float(...)` */
export function toAttributeProto(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'number') return { name, type: attributeTypes.INT, i: whole(name, value) };
  if (typeof value === 'string') {
    return { name, type: attributeTypes.STRING, s: new TextEncoder().encode(value) };
  }
  if (value instanceof Subgraph) return { name, type: attributeTypes.GRAPH, g: value.graph };
  if (value instanceof Float) return toFloatProto(name, value.values);
  if ('bytes' in value) return { name, type: attributeTypes.TENSOR, t: toTensorProto('', value) };
  return { name, type: attributeTypes.INTS, ints: value.map((item) => whole(name, item)) };
}

function toFloatProto(name: string, values: number | readonly number[]): AttributeProto {
  if (typeof values === 'number') return { name, type: attributeTypes.FLOAT, f: values };
  return { name, type: attributeTypes.FLOATS, floats: [...values] };
}

function whole(name: string, value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError(`attribute ${name} is not a whole number: ${value}`);
  return value;
}
