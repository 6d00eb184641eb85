import { encodeModel } from './schema.ts';
import { typeNumber } from './tensor.ts';
import { fieldsOf, messageField, stringsOf } from './wire.ts';
import type { Field } from './wire.ts';

// Numbers of fields in the official onnx.proto.
const MODEL = { irVersion: 1, graph: 7, metadata: 14 };
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13 };
const NODE = { input: 1, output: 2, attribute: 5 };
const ATTRIBUTE = { graph: 6, graphs: 11 };
const TENSOR = { name: 8, dataLocation: 14 };
const NAME_OF_VALUE_INFO = 1;
const EXTERNAL = 1;

/** Names that a message lists. */
const LISTED = 12;

/** A model cut down to what one of its values needs. */
export interface CutModel {
  bytes: Uint8Array;
  /** The value that is now the only output. */
  layer: string;
  /** What the model says about itself. */
  metadata: Record<string, string>;
}

/**
 * Cuts a model down to the nodes that a value needs, with that value as its only output, float32, and its one input open
 * to images of any size, [1, 3, H, W]. All else of the file is passed on as it is.
 *
 * @param layer the value; may be left out where the model has one output
 * @throws RangeError with the reason where the bytes are no such model
 */
export function cutModel(bytes: Uint8Array, layer?: string): CutModel {
  const model = fieldsOf(bytes);
  const graphs = model.filter(({ number }) => number === MODEL.graph);
  if (graphs.length !== 1 || !model.some(({ number }) => number === MODEL.irVersion)) {
    throw new RangeError('it is not an ONNX model');
  }
  const graph = fieldsOf(graphs[0].body);
  const chosen = layer ?? onlyOutput(graph);
  const { nodes, needed } = nodesFor(graph, chosen);
  const initializers = graph.filter(
    ({ number, body }) => number === GRAPH.initializer && needed.has(tensorName(body)),
  );
  refuseExternal(initializers);
  const input = onlyInput(graph, needed, initializers);
  const kept = graph.filter(({ number }) => !Object.values(GRAPH).includes(number));
  const parts = [...nodes, ...kept, ...initializers].map(({ raw }) => raw);
  const body = Buffer.concat([...parts, ...ends(input, chosen)]);
  const around = model.filter(({ number }) => number !== MODEL.graph).map(({ raw }) => raw);
  return {
    bytes: Buffer.concat([...around, messageField(MODEL.graph, body)]),
    layer: chosen,
    metadata: metadataOf(model),
  };
}

/** The nodes that a value needs, in their order, and the names of all values that these use. */
function nodesFor(graph: readonly Field[], layer: string): { nodes: Field[]; needed: Set<string> } {
  const needed = new Set([layer]);
  const nodes: Field[] = [];
  const made: string[] = [];
  // Nodes stand in the order of execution.
  for (const node of graph.filter(({ number }) => number === GRAPH.node).reverse()) {
    const fields = fieldsOf(node.body);
    const outputs = stringsOf(fields, NODE.output);
    made.push(...outputs);
    if (!outputs.some((output) => needed.has(output))) continue;
    inputsOf(fields).forEach((input) => needed.add(input));
    nodes.unshift(node);
  }
  if (nodes.length === 0) {
    const last = made.filter((name) => name !== '').slice(0, LISTED);
    throw new RangeError(`it has no layer "${layer}". Its last ones are: ${last.join(', ')}`);
  }
  return { nodes, needed };
}

/** What a node uses: its inputs, and those of the nodes in its subgraphs. */
function inputsOf(node: readonly Field[]): string[] {
  const attributes = node
    .filter(({ number }) => number === NODE.attribute)
    .flatMap(({ body }) => fieldsOf(body));
  const subgraphs = attributes.filter(
    ({ number }) => number === ATTRIBUTE.graph || number === ATTRIBUTE.graphs,
  );
  const inner = subgraphs
    .flatMap(({ body }) => fieldsOf(body))
    .filter(({ number }) => number === GRAPH.node)
    .flatMap(({ body }) => inputsOf(fieldsOf(body)));
  const outer = subgraphs
    .flatMap(({ body }) => fieldsOf(body))
    .filter(({ number }) => number === GRAPH.output)
    .map(({ body }) => valueName(body));
  return [...stringsOf(node, NODE.input), ...inner, ...outer];
}

function onlyInput(
  graph: readonly Field[],
  needed: ReadonlySet<string>,
  initializers: readonly Field[],
): string {
  const constants = new Set(initializers.map(({ body }) => tensorName(body)));
  const names = graph.filter(({ number }) => number === GRAPH.input).map(({ body }) => valueName(body));
  const inputs = names.filter((name) => needed.has(name) && !constants.has(name));
  if (inputs.length === 1) return inputs[0];
  throw new RangeError(`it takes ${inputs.length} inputs (${inputs.join(', ')}); a backbone takes one image`);
}

function onlyOutput(graph: readonly Field[]): string {
  const outputs = graph.filter(({ number }) => number === GRAPH.output).map(({ body }) => valueName(body));
  if (outputs.length === 1) return outputs[0];
  throw new RangeError(
    `it has ${outputs.length} outputs; name the layer that is wanted: ${outputs.join(', ')}`,
  );
}

function refuseExternal(initializers: readonly Field[]): void {
  const external = initializers.find(({ body }) =>
    fieldsOf(body).some(({ number, value }) => number === TENSOR.dataLocation && value === EXTERNAL),
  );
  if (!external) return;
  throw new RangeError(
    `it keeps weights in another file (${tensorName(external.body)}); save it as one file, with all weights inside`,
  );
}

/** Input and output of the cut graph, as fields of it. */
function ends(input: string, output: string): Uint8Array[] {
  const elem_type = typeNumber('float32');
  const sides = [
    { dim_value: 1 },
    { dim_value: 3 },
    { dim_param: 'perch_height' },
    { dim_param: 'perch_width' },
  ];
  const encoded = encodeModel({
    ir_version: 0,
    producer_name: '',
    opset_import: [],
    metadata_props: [],
    graph: {
      name: '',
      node: [],
      initializer: [],
      input: [{ name: input, type: { tensor_type: { elem_type, shape: { dim: sides } } } }],
      output: [{ name: output, type: { tensor_type: { elem_type } } }],
    },
  });
  const graph = fieldsOf(encoded).find(({ number }) => number === MODEL.graph);
  const fields = graph ? fieldsOf(graph.body) : [];
  return fields
    .filter(({ number }) => number === GRAPH.input || number === GRAPH.output)
    .map(({ raw }) => raw);
}

function metadataOf(model: readonly Field[]): Record<string, string> {
  const pairs = model.filter(({ number }) => number === MODEL.metadata).map(({ body }) => fieldsOf(body));
  return Object.fromEntries(pairs.map((pair) => [stringsOf(pair, 1)[0], stringsOf(pair, 2)[0]]));
}

function tensorName(tensor: Uint8Array): string {
  return stringsOf(fieldsOf(tensor), TENSOR.name)[0] ?? '';
}

function valueName(value: Uint8Array): string {
  return stringsOf(fieldsOf(value), NAME_OF_VALUE_INFO)[0] ?? '';
}
