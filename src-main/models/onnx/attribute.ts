import { attributeTypes } from './schema.ts';
import type { AttributeProto, GraphProto } from './schema.ts';
import { toTensorProto } from './tensor.ts';
import type { Tensor } from './tensor.ts';

/** Marks an attribute as FLOAT or FLOATS. Plain numbers become INT or INTS. */
export class Float {
  readonly values: number | readonly number[];

  constructor(values: number | readonly number[]) {
    this.values = values;
  }
}

/** The body of a control-flow operator, created by `GraphBuilder.subgraph`. */
export class Subgraph {
  readonly graph: GraphProto;

  constructor(graph: GraphProto) {
    this.graph = graph;
  }
}

/** The value of an attribute: INT or INTS (plain integers), STRING, FLOAT or FLOATS, TENSOR, GRAPH. */
export type Attribute = number | readonly number[] | string | Float | Tensor | Subgraph;

/** @throws RangeError if a plain number is not an integer; use `new Float(...)` */
export function toAttributeProto(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'number') return { name, type: attributeTypes.INT, i: assertInteger(name, value) };
  if (typeof value === 'string') {
    return { name, type: attributeTypes.STRING, s: new TextEncoder().encode(value) };
  }
  if (value instanceof Subgraph) return { name, type: attributeTypes.GRAPH, g: value.graph };
  if (value instanceof Float) return toFloatProto(name, value.values);
  if ('bytes' in value) return { name, type: attributeTypes.TENSOR, t: toTensorProto('', value) };
  return { name, type: attributeTypes.INTS, ints: value.map((item) => assertInteger(name, item)) };
}

function toFloatProto(name: string, values: number | readonly number[]): AttributeProto {
  if (typeof values === 'number') return { name, type: attributeTypes.FLOAT, f: values };
  return { name, type: attributeTypes.FLOATS, floats: [...values] };
}

function assertInteger(name: string, value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError(`attribute ${name} is not an integer: ${value}`);
  return value;
}
