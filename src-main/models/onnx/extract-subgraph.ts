import { firstOperations } from './first-operations.ts';
import { type ImageDeclaration, imageDeclaration, type Layout } from './image-declaration.ts';
import { encodeModel } from './schema.ts';
import { type TensorType, typeNumber } from './tensor.ts';
import { TruncatedMessageError, FieldReader, messageField, stringsOf } from './protobuf-fields.ts';
import type { Field } from './protobuf-fields.ts';
import { readDeclaration, type ValueDeclaration } from './value-declaration.ts';

// Field numbers of the official onnx.proto.
const MODEL = { irVersion: 1, graph: 7, metadata: 14 };
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13 };
const NODE = { input: 1, output: 2, operator: 4, attribute: 5 };
const ATTRIBUTE = { tensor: 5, graph: 6, tensors: 10, graphs: 11 };
const TENSOR = { name: 8, rawData: 9, externalData: 13, dataLocation: 14 };
const ENTRY = { key: 1, value: 2 };
const EXTERNAL = 1;
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
  /** The layout of the input; found by its shape if absent. */
  layout?: Layout | undefined;
  /** Reads external weights. Without it, a model with external weights is rejected. */
  readWeights?: (weights: ExternalWeights) => Uint8Array;
}

/** A model reduced to what one of its values needs. */
export interface ExtractedModel {
  bytes: Uint8Array;
  /** Its image input, as the file declares it. */
  input: ImageDeclaration;
  /** Metadata of the model. */
  metadata: Record<string, string>;
  /** Whether external weights were embedded. */
  hasEmbeddedWeights: boolean;
}

/** A model with all its outputs. */
export interface WholeModel extends ExtractedModel {
  outputs: ValueDeclaration[];
  /** The operators that first compute with the pixels. */
  firstOperations: string[];
}

/**
 * Reduces a model to the nodes that one value needs (as `onnx.utils.extract_model`). That value becomes the only output, and the input
 * accepts images of any size. External weights are embedded. Everything else is copied unchanged. Time and memory are
 * proportional to the size of the file.
 *
 * @throws RangeError with the reason if the model is unsuitable
 */
export function extractSubgraph(bytes: Uint8Array, options: ExtractOptions = {}): ExtractedModel {
  return new SubgraphExtractor(bytes, options).extract();
}

/**
 * Embeds a model's external weights. Its input and outputs are kept, and everything that they do not need is removed.
 *
 * @throws RangeError with the reason if the model is unsuitable
 */
export function extractWhole(bytes: Uint8Array, options: Omit<ExtractOptions, 'layer'> = {}): WholeModel {
  return new SubgraphExtractor(bytes, options).extractWhole();
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
    const { model, graph } = this.#open();
    const chosen = this.#options.layer ?? this.#onlyOutput(graph);
    const parts = this.#partsFor(graph, [chosen]);
    const input = imageDeclaration(parts.input, this.#options.layout);
    const output = graph
      .filter(({ number }) => number === GRAPH.output || number === GRAPH.valueInfo)
      .map(({ body }) => this.#declaration(body))
      .find(({ name }) => name === chosen);
    const half = (output?.element ?? input.type) === 'float16';
    const ends = this.#inputAndOutput(parts.input.name, input, chosen, half ? 'float16' : 'float32');
    return this.#assemble(model, graph, parts, input, ends);
  }

  extractWhole(): WholeModel {
    const { model, graph } = this.#open();
    const fields = graph.filter(({ number }) => number === GRAPH.output);
    const outputs = fields.map(({ body }) => this.#declaration(body));
    if (outputs.length === 0) throw new RangeError('it has no output');
    const parts = this.#partsFor(
      graph,
      outputs.map(({ name }) => name),
    );
    const input = imageDeclaration(parts.input, this.#options.layout);
    const ends = [parts.inputField.raw, ...fields.map(({ raw }) => raw)];
    const nodes = parts.nodes.map(({ body }) => {
      const node = this.#read(body);
      const [operator = ''] = stringsOf(node, NODE.operator);
      return { operator, inputs: stringsOf(node, NODE.input), outputs: stringsOf(node, NODE.output) };
    });
    return {
      ...this.#assemble(model, graph, parts, input, ends),
      outputs,
      firstOperations: firstOperations(nodes, parts.input.name),
    };
  }

  #open(): { model: Field[]; graph: Field[] } {
    const model = this.#readWhole(this.#bytes);
    const graphs = model.filter(({ number }) => number === MODEL.graph);
    if (graphs.length !== 1 || !model.some(({ number }) => number === MODEL.irVersion)) {
      throw new RangeError('it is not an ONNX model');
    }
    return { model, graph: this.#read(graphs[0].body) };
  }

  /** The nodes, weights and the input that values need. */
  #partsFor(graph: readonly Field[], values: readonly string[]): Parts {
    const { nodes, needed } = this.#nodesFor(graph, values);
    const initializers = this.#initializers(graph, needed);
    const constants = new Set(initializers.map(({ name }) => name));
    return { nodes, initializers, ...this.#onlyInput(graph, needed, constants) };
  }

  #assemble(
    model: readonly Field[],
    graph: readonly Field[],
    { nodes, initializers }: Parts,
    input: ImageDeclaration,
    ends: readonly Uint8Array[],
  ): ExtractedModel {
    const unchanged = graph.filter(({ number }) => !Object.values(GRAPH).includes(number));
    const body = Buffer.concat([
      ...[...nodes, ...unchanged].map(({ raw }) => raw),
      ...initializers.map(({ raw }) => raw),
      ...ends,
    ]);
    const around = model.filter(({ number }) => number !== MODEL.graph).map(({ raw }) => raw);
    return {
      bytes: Buffer.concat([...around, messageField(MODEL.graph, body)]),
      input,
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

  /** The nodes that values need, in order, and the names of all values that they use. */
  #nodesFor(graph: readonly Field[], values: readonly string[]): { nodes: Field[]; needed: Set<string> } {
    const all = graph.filter(({ number }) => number === GRAPH.node);
    if (all.length > MAX_NODES) {
      throw new RangeError(`its graph has ${all.length} nodes, but large backbones have a few thousand`);
    }
    const needed = new Set(values);
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
      throw new RangeError(`it has no layer "${shortened(values[0])}". Its last ones are: ${listed(last)}`);
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
      if (number === GRAPH.output) inputs.push(this.#declaration(body).name);
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

  #onlyInput(
    graph: readonly Field[],
    needed: ReadonlySet<string>,
    constants: ReadonlySet<string>,
  ): Pick<Parts, 'input' | 'inputField'> {
    const inputs = graph
      .filter(({ number }) => number === GRAPH.input)
      .map((field) => ({ input: this.#declaration(field.body), inputField: field }))
      .filter(({ input: { name } }) => needed.has(name) && !constants.has(name));
    if (inputs.length === 1) return inputs[0];
    const names = listed(inputs.map(({ input }) => input.name));
    throw new RangeError(`it has ${inputs.length} inputs (${names}), but Perch passes one image`);
  }

  #onlyOutput(graph: readonly Field[]): string {
    const outputs = graph
      .filter(({ number }) => number === GRAPH.output)
      .map(({ body }) => this.#declaration(body).name);
    if (outputs.length === 1) return outputs[0];
    throw new RangeError(`it has ${outputs.length} outputs; name one of these layers: ${listed(outputs)}`);
  }

  /** The encoded input and output of the reduced graph. */
  #inputAndOutput(
    input: string,
    { type, layout, channels }: ImageDeclaration,
    output: string,
    outputType: TensorType,
  ): Uint8Array[] {
    const size = [{ dim_param: 'perch_height' }, { dim_param: 'perch_width' }];
    const planes = [{ dim_value: channels }];
    const sides = [{ dim_value: 1 }, ...(layout === 'nchw' ? [...planes, ...size] : [...size, ...planes])];
    const tensor = (elem_type: number) => ({ tensor_type: { elem_type } });
    const encoded = encodeModel({
      ir_version: 0,
      producer_name: '',
      opset_import: [],
      metadata_props: [],
      graph: {
        name: '',
        node: [],
        initializer: [],
        input: [
          { name: input, type: { tensor_type: { elem_type: typeNumber(type), shape: { dim: sides } } } },
        ],
        output: [{ name: output, type: tensor(typeNumber(outputType)) }],
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

  #declaration(valueInfo: Uint8Array): ValueDeclaration {
    return readDeclaration(valueInfo, (message) => this.#read(message));
  }
}

/** What an extracted graph consists of. */
interface Parts {
  nodes: Field[];
  initializers: { name: string; raw: Uint8Array; external: boolean }[];
  input: ValueDeclaration;
  /** The field of the graph that declares the input. */
  inputField: Field;
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
