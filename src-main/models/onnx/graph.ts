import { Subgraph, toAttributeProto } from './attribute.ts';
import type { Attribute } from './attribute.ts';
import { encodeModel } from './schema.ts';
import type { GraphProto, ValueInfoProto } from './schema.ts';
import { toTensorProto, typeNumber } from './tensor.ts';
import type { TensorType, Tensor } from './tensor.ts';

/** The operator set of the written graphs, and the matching version of the format. */
export const OPSET_VERSION = 17;
const IR_VERSION = 8;

/** The name of a value in a graph. */
export type Value = string;

/** A dimension of a tensor: its length, or a name if it is known only at run time. */
export type Side = number | string;

/**
 * Builds an ONNX graph node by node, in order of execution. Values are named after their operator and a counter, so the same calls
 * always produce the same bytes.
 *
 *     const graph = new GraphBuilder('twice');
 *     const x = graph.input('x', 'float32', [1, 3, 'height', 'width']);
 *     graph.output(graph.node('Add', [x, x], {}, 'y'), 'float32', [1, 3, 'height', 'width']);
 *     const bytes = graph.toBytes();
 */
export class GraphBuilder {
  readonly #graph: GraphProto;
  #names = new Names();
  readonly #visible = new Set<Value>();

  constructor(name: string) {
    this.#graph = { name, node: [], initializer: [], input: [], output: [] };
  }

  /** Declares an input of the graph. */
  input(name: Value, type: TensorType, dims: readonly Side[]): Value {
    this.#take(name);
    this.#graph.input.push(toValueInfoProto(name, type, dims));
    return name;
  }

  /** Adds a constant to the graph. Each call adds a copy. */
  constant(tensor: Tensor, name: Value = this.#names.next('constant')): Value {
    this.#take(name);
    this.#graph.initializer.push(toTensorProto(name, tensor));
    return name;
  }

  /**
   * Appends an operator with one output.
   *
   * @param inputs existing values; `''` omits an optional input
   * @param name of the node and its output
   * @returns the output
   */
  node(
    op: string,
    inputs: readonly Value[],
    attributes: Record<string, Attribute> = {},
    name: Value = this.#names.next(op),
  ): Value {
    this.#append(op, inputs, attributes, name, [name]);
    return name;
  }

  /** Appends an operator with `count` outputs, e.g. `Split`. */
  nodeWithOutputs(
    op: string,
    inputs: readonly Value[],
    count: number,
    attributes: Record<string, Attribute> = {},
  ): Value[] {
    const name = this.#names.next(op);
    const outputs = Array.from({ length: count }, (_, i) => `${name}_${i}`);
    this.#append(op, inputs, attributes, name, outputs);
    return outputs;
  }

  /** Builds the body of a control-flow operator. `build` may use the existing values of this graph. */
  subgraph(name: string, build: (body: GraphBuilder) => void): Subgraph {
    const body = new GraphBuilder(name);
    body.#names = this.#names;
    this.#visible.forEach((value) => body.#visible.add(value));
    build(body);
    return new Subgraph(body.#graph);
  }

  /** Declares a value as an output of the graph. Its shape is unspecified without `dims`. */
  output(value: Value, type: TensorType, dims?: readonly Side[]): void {
    this.#assertVisible(value);
    this.#graph.output.push(toValueInfoProto(value, type, dims));
  }

  /** The bytes of the `.onnx` file. */
  toBytes(metadata: Record<string, string> = {}): Uint8Array {
    return encodeModel({
      ir_version: IR_VERSION,
      producer_name: 'perch',
      opset_import: [{ domain: '', version: OPSET_VERSION }],
      graph: this.#graph,
      metadata_props: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    });
  }

  #append(
    op: string,
    inputs: readonly Value[],
    attributes: Record<string, Attribute>,
    name: string,
    outputs: readonly Value[],
  ): void {
    inputs.filter((input) => input !== '').forEach((input) => this.#assertVisible(input));
    outputs.forEach((output) => this.#take(output));
    const attribute = Object.entries(attributes).map(([key, value]) => toAttributeProto(key, value));
    this.#graph.node.push({ name, op_type: op, input: [...inputs], output: [...outputs], attribute });
  }

  #take(name: Value): void {
    this.#names.take(name);
    this.#visible.add(name);
  }

  #assertVisible(value: Value): void {
    if (!this.#visible.has(value)) throw new RangeError(`no node produces ${value}`);
  }
}

/** The names in a graph and its subgraphs. A subgraph must not shadow a value of the graph around it. */
class Names {
  readonly #taken = new Set<Value>();
  readonly #counts = new Map<string, number>();

  next(stem: string): Value {
    const count = this.#counts.get(stem) ?? 0;
    this.#counts.set(stem, count + 1);
    return `${stem}_${count}`;
  }

  take(name: Value): void {
    if (name === '' || this.#taken.has(name))
      throw new RangeError(`the name '${name}' is empty or already used`);
    this.#taken.add(name);
  }
}

function toValueInfoProto(name: Value, type: TensorType, dims?: readonly Side[]): ValueInfoProto {
  const elem_type = typeNumber(type);
  if (!dims) return { name, type: { tensor_type: { elem_type } } };
  const dim = dims.map((side) => (typeof side === 'number' ? { dim_value: side } : { dim_param: side }));
  return { name, type: { tensor_type: { elem_type, shape: { dim } } } };
}
