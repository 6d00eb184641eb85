import { encodeModel } from './schema.ts';
import { typeNumber } from './tensor.ts';
import { TruncatedMessageError, FieldReader, messageField, stringsOf } from './protobuf-fields.ts';
import type { Field } from './protobuf-fields.ts';

// Field numbers of the official onnx.proto.
const MODEL = { irVersion: 1, graph: 7, metadata: 14 };
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13 };
const NODE = { input: 1, output: 2, attribute: 5 };
const ATTRIBUTE = { tensor: 5, graph: 6, tensors: 10, graphs: 11 };
const TENSOR = { name: 8, rawData: 9, externalData: 13, dataLocation: 14 };
const ENTRY = { key: 1, value: 2 };
const VALUE_INFO = { name: 1, type: 2 };
const TYPE = { tensor: 1 };
const TENSOR_TYPE = { element: 1, shape: 2 };
const SHAPE = { dimension: 1 };
const DIMENSION = { value: 1 };
const EXTERNAL = 1;
/** Names of element types, by their number in the official onnx.proto. */
const ELEMENTS: Record<number, string> = {
  ...{ 2: 'uint8', 3: 'int8', 4: 'uint16', 5: 'int16', 6: 'int32', 7: 'int64', 8: 'strings', 9: 'bool' },
  ...{ 10: 'float16', 11: 'float64', 12: 'uint32', 13: 'uint64', 16: 'bfloat16' },
};

/** Largest number of names in a message, and of characters per name. */
const LISTED = 12;
const SHOWN = 80;
/** Largest number of nodes. Large backbones have a few thousand. */
const MAX_NODES = 100_000;
/** Largest nesting depth of graphs in control flow. */
const MAX_DEPTH = 16;

/** Weights in a separate file. */
export interface ExternalWeights {
  /** The tensor's name. */
  tensor: string;
  /** Path of the file, relative to the model's folder. */
  location: string;
  /** Offset of the weights in bytes. */
  offset: number;
  /** Size in bytes; undefined for everything up to the end of the file. */
  length: number | undefined;
}

export interface ExtractOptions {
  /** The value that becomes the output; optional if the model has one output. */
  layer?: string | undefined;
  /** Reads external weights. Without it, a model with external weights is rejected. */
  readWeights?: (weights: ExternalWeights) => Uint8Array;
}

/** A model reduced to what one of its values needs. */
export interface ExtractedModel {
  bytes: Uint8Array;
  /** The only output. */
  layer: string;
  /** Metadata of the model. */
  metadata: Record<string, string>;
  /** Whether external weights were embedded. */
  hasEmbeddedWeights: boolean;
}

/**
 * Reduces a model to the nodes that one value needs (as `onnx.utils.extract_model`). That value becomes the only output, and the input
 * accepts images of any size, [1, 3, H, W]. External weights are embedded. Everything else is copied unchanged. Time and memory are
 * proportional to the size of the file.
 *
 * @throws RangeError with the reason if the model is unsuitable
 */
export function extractSubgraph(bytes: Uint8Array, options: ExtractOptions = {}): ExtractedModel {
  return new SubgraphExtractor(bytes, options).extract();
}

class SubgraphExtractor {
  readonly #reader = new FieldReader();
  readonly #bytes: Uint8Array;
  readonly #options: ExtractOptions;

  constructor(bytes: Uint8Array, options: ExtractOptions) {
    this.#bytes = bytes;
    this.#options = options;
  }

  extract(): ExtractedModel {
    const model = this.#readWhole(this.#bytes);
    const graphs = model.filter(({ number }) => number === MODEL.graph);
    if (graphs.length !== 1 || !model.some(({ number }) => number === MODEL.irVersion)) {
      throw new RangeError('it is not an ONNX model');
    }
    const graph = this.#read(graphs[0].body);
    const chosen = this.#options.layer ?? this.#onlyOutput(graph);
    const { nodes, needed } = this.#nodesFor(graph, chosen);
    const initializers = this.#initializers(graph, needed);
    const input = this.#onlyInput(graph, needed, new Set(initializers.map(({ name }) => name)));
    const unchanged = graph.filter(({ number }) => !Object.values(GRAPH).includes(number));
    const parts = [...nodes, ...unchanged].map(({ raw }) => raw);
    const body = Buffer.concat([
      ...parts,
      ...initializers.map(({ raw }) => raw),
      ...this.#inputAndOutput(input, chosen),
    ]);
    const around = model.filter(({ number }) => number !== MODEL.graph).map(({ raw }) => raw);
    return {
      bytes: Buffer.concat([...around, messageField(MODEL.graph, body)]),
      layer: chosen,
      metadata: this.#metadata(model),
      hasEmbeddedWeights: initializers.some(({ external }) => external),
    };
  }

  /** The top-level fields. A truncated field means that the file is truncated. */
  #readWhole(bytes: Uint8Array): Field[] {
    try {
      return this.#reader.read(bytes);
    } catch (cause) {
      if (cause instanceof TruncatedMessageError)
        throw new RangeError(`it is truncated or damaged: ${cause.message}`, { cause });
      throw cause;
    }
  }

  #read(message: Uint8Array): Field[] {
    try {
      return this.#reader.read(message);
    } catch (cause) {
      if (cause instanceof TruncatedMessageError)
        throw new RangeError(`it is damaged: ${cause.message}`, { cause });
      throw cause;
    }
  }

  /** The nodes that a value needs, in order, and the names of all values that they use. */
  #nodesFor(graph: readonly Field[], layer: string): { nodes: Field[]; needed: Set<string> } {
    const all = graph.filter(({ number }) => number === GRAPH.node);
    if (all.length > MAX_NODES) {
      throw new RangeError(`its graph has ${all.length} nodes, but large backbones have a few thousand`);
    }
    const needed = new Set([layer]);
    const nodes: Field[] = [];
    const last: string[] = [];
    // Nodes are sorted in order of execution.
    for (const node of all.reverse()) {
      const fields = this.#read(node.body);
      const outputs = stringsOf(fields, NODE.output);
      if (last.length < LISTED) last.push(...outputs.filter((name) => name !== ''));
      if (!outputs.some((output) => needed.has(output))) continue;
      for (const input of this.#inputsOf(fields, 0)) needed.add(input);
      nodes.push(node);
    }
    if (nodes.length === 0) {
      throw new RangeError(`it has no layer "${shortened(layer)}". Its last ones are: ${listed(last)}`);
    }
    return { nodes: nodes.reverse(), needed };
  }

  /** The inputs of a node and of the nodes in its nested graphs. */
  #inputsOf(node: readonly Field[], depth: number): string[] {
    const inputs = stringsOf(node, NODE.input);
    for (const attribute of node) {
      if (attribute.number !== NODE.attribute) continue;
      for (const { number, body } of this.#read(attribute.body)) {
        if (number === ATTRIBUTE.tensor || number === ATTRIBUTE.tensors) this.#assertNotExternal(body);
        if (number !== ATTRIBUTE.graph && number !== ATTRIBUTE.graphs) continue;
        if (depth === MAX_DEPTH) throw new RangeError(`its graphs nest deeper than ${MAX_DEPTH}`);
        for (const input of this.#inputsOfGraph(body, depth + 1)) inputs.push(input);
      }
    }
    return inputs;
  }

  #inputsOfGraph(graph: Uint8Array, depth: number): string[] {
    const inputs: string[] = [];
    for (const { number, body } of this.#read(graph)) {
      if (number === GRAPH.output) inputs.push(this.#valueName(body));
      else if (number === GRAPH.initializer) this.#assertNotExternal(body);
      else if (number === GRAPH.node)
        for (const input of this.#inputsOf(this.#read(body), depth)) inputs.push(input);
    }
    return inputs;
  }

  /** External data is supported only for weights of the top-level graph. */
  #assertNotExternal(tensor: Uint8Array): void {
    if (isExternal(this.#read(tensor)))
      throw new RangeError('a constant of a node is in another file; save the model as one file');
  }

  #initializers(
    graph: readonly Field[],
    needed: ReadonlySet<string>,
  ): { name: string; raw: Uint8Array; external: boolean }[] {
    return graph
      .filter(({ number }) => number === GRAPH.initializer)
      .flatMap(({ raw, body }) => {
        const tensor = this.#read(body);
        const [name = ''] = stringsOf(tensor, TENSOR.name);
        if (!needed.has(name)) return [];
        const external = isExternal(tensor);
        return [{ name, external, raw: external ? this.#embed(name, tensor) : raw }];
      });
  }

  /** Embeds the external weights of a tensor. */
  #embed(name: string, tensor: readonly Field[]): Uint8Array {
    const { readWeights } = this.#options;
    if (!readWeights) {
      throw new RangeError(
        `it has weights in another file (${shortened(name)}); save it as one file with all weights`,
      );
    }
    const entries = new Map(
      tensor
        .filter(({ number }) => number === TENSOR.externalData)
        .map(({ body }) => this.#read(body))
        .map((entry) => [stringsOf(entry, ENTRY.key)[0], stringsOf(entry, ENTRY.value)[0]]),
    );
    const count = (key: string): number | undefined => {
      const text = entries.get(key);
      if (text === undefined) return undefined;
      const value = Number(text);
      if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
      throw new RangeError(`the ${key} of the weights ${shortened(name)} is not a number`);
    };
    const weights = readWeights({
      tensor: shortened(name),
      location: entries.get('location') ?? '',
      offset: count('offset') ?? 0,
      length: count('length'),
    });
    const own: number[] = [TENSOR.rawData, TENSOR.externalData, TENSOR.dataLocation];
    const unchanged = tensor.filter(({ number }) => !own.includes(number)).map(({ raw }) => raw);
    const body = Buffer.concat([...unchanged, messageField(TENSOR.rawData, weights)]);
    return messageField(GRAPH.initializer, body);
  }

  #onlyInput(graph: readonly Field[], needed: ReadonlySet<string>, constants: ReadonlySet<string>): string {
    const inputs = graph
      .filter(({ number }) => number === GRAPH.input)
      .map(({ body }) => ({ name: this.#valueName(body), body }))
      .filter(({ name }) => needed.has(name) && !constants.has(name));
    if (inputs.length !== 1) {
      const names = listed(inputs.map(({ name }) => name));
      throw new RangeError(`it has ${inputs.length} inputs (${names}), but a backbone has one image input`);
    }
    this.#assertImageInput(inputs[0].name, inputs[0].body);
    return inputs[0].name;
  }

  /** Rejects an input that declares a type or shape other than float32 [1, 3, H, W]. */
  #assertImageInput(name: string, valueInfo: Uint8Array): void {
    const inside = (message: Uint8Array | undefined, number: number) =>
      message && this.#read(message).find((field) => field.number === number);
    const type = inside(inside(valueInfo, VALUE_INFO.type)?.body, TYPE.tensor)?.body;
    const element = inside(type, TENSOR_TYPE.element)?.value ?? 0;
    if (element !== 0 && element !== typeNumber('float32')) {
      throw new RangeError(
        `its input "${shortened(name)}" takes ${ELEMENTS[element] ?? `type ${element}`}, but Perch passes images as float32. ` +
          'Export it with a float32 input',
      );
    }
    const shape = inside(type, TENSOR_TYPE.shape)?.body;
    if (!shape) return;
    const sides = this.#read(shape)
      .filter(({ number }) => number === SHAPE.dimension)
      .slice(0, LISTED)
      .map(({ body }) => this.#read(body).find(({ number }) => number === DIMENSION.value)?.value);
    if (sides.length === 0 || (sides.length === 4 && [undefined, 0, 3].includes(sides[1]))) return;
    const shown = sides.map((side) => side ?? '?').join(', ');
    throw new RangeError(
      `its input "${shortened(name)}" takes [${shown}], but a backbone takes images as [1, 3, height, width]`,
    );
  }

  #onlyOutput(graph: readonly Field[]): string {
    const outputs = graph
      .filter(({ number }) => number === GRAPH.output)
      .map(({ body }) => this.#valueName(body));
    if (outputs.length === 1) return outputs[0];
    throw new RangeError(`it has ${outputs.length} outputs; name one of these layers: ${listed(outputs)}`);
  }

  /** The encoded input and output of the reduced graph. */
  #inputAndOutput(input: string, output: string): Uint8Array[] {
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
    const graph = this.#read(encoded).find(({ number }) => number === MODEL.graph);
    const fields = graph ? this.#read(graph.body) : [];
    return fields
      .filter(({ number }) => number === GRAPH.input || number === GRAPH.output)
      .map(({ raw }) => raw);
  }

  #metadata(model: readonly Field[]): Record<string, string> {
    const pairs = model.filter(({ number }) => number === MODEL.metadata).map(({ body }) => this.#read(body));
    return Object.fromEntries(
      pairs.map((pair) => [stringsOf(pair, ENTRY.key)[0], stringsOf(pair, ENTRY.value)[0]]),
    );
  }

  #valueName(value: Uint8Array): string {
    return stringsOf(this.#read(value), VALUE_INFO.name)[0] ?? '';
  }
}

function isExternal(tensor: readonly Field[]): boolean {
  return tensor.some(({ number, value }) => number === TENSOR.dataLocation && value === EXTERNAL);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, LISTED).map(shortened).join(', ');
  return names.length > LISTED ? `${shown}, and ${names.length - LISTED} more` : shown;
}

function shortened(name: string): string {
  return name.length > SHOWN ? `${name.slice(0, SHOWN)}...` : name;
}
