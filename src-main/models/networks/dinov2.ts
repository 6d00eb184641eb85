import { GraphBuilder } from '../onnx/graph.ts';
import type { Value } from '../onnx/graph.ts';
import { float32, int64 } from '../onnx/tensor.ts';
import {
  describeSize,
  describeStructure,
  dinov2Cost,
  dinov2Structure,
  type Dinov2Structure,
} from './dinov2-structure.ts';
import { convolution, normalizedImage, outputFeatures } from './layers.ts';
import type { Kernel } from './layers.ts';
import { backboneMetadata } from './network.ts';
import type { Architecture, Network, NetworkTraits, Precision, ReadWeight } from './network.ts';
import { resizedEmbeddings } from './position-embeddings.ts';
import { attention, gelu, HEAD_WIDTH, layerNorm, linear, swiglu } from './transformer-layers.ts';

/**
 * DINOv2 (Oquab et al. 2023) as published, with and without registers, of any depth and width: the normalized patch tokens of one
 * or several blocks at a stride of 14 (docs/method.md, section 1d).
 */
export const dinov2: Architecture = {
  name: 'dinov2',
  layers: { example: '5, 8, 11', combinations: ['concat', 'mean'] },
  network(tensors, selection) {
    const structure = dinov2Structure(tensors, selection);
    const { width, patch, blocks, combine } = structure;
    const layers = combine === 'concat' ? blocks.length : 1;
    const traits: NetworkTraits = {
      channels: layers * width,
      stride: patch,
      multiple: patch,
      layers,
      size: describeSize(structure),
      structure: describeStructure(structure),
      cost: dinov2Cost(structure),
    };
    return {
      ...traits,
      name: `DINOv2 (${traits.structure})`,
      weights: weightsOf(structure),
      async build(read, precision) {
        const graph = await new Dinov2Writer(structure, read, precision).write();
        return graph.toBytes(backboneMetadata(traits));
      },
    };
  },
};

function weightsOf(structure: Dinov2Structure): Network['weights'] {
  const { width, hidden, isGated, registers, patch, grid, blocks } = structure;
  const weights: Record<string, readonly number[]> = {
    cls_token: [1, 1, width],
    pos_embed: [1, 1 + grid * grid, width],
    ...(registers > 0 ? { register_tokens: [1, registers, width] } : {}),
    'patch_embed.proj.weight': [width, 3, patch, patch],
    'patch_embed.proj.bias': [width],
  };
  const add = (name: string, outputs: number, inputs?: number) => {
    weights[`${name}.weight`] = inputs === undefined ? [outputs] : [outputs, inputs];
    weights[`${name}.bias`] = [outputs];
  };
  for (let block = 0; block <= Math.max(...blocks); block++) {
    const path = `blocks.${block}`;
    add(`${path}.norm1`, width);
    add(`${path}.attn.qkv`, 3 * width, width);
    add(`${path}.attn.proj`, width, width);
    weights[`${path}.ls1.gamma`] = [width];
    add(`${path}.norm2`, width);
    add(`${path}.mlp.${isGated ? 'w12' : 'fc1'}`, isGated ? 2 * hidden : hidden, width);
    add(`${path}.mlp.${isGated ? 'w3' : 'fc2'}`, width, hidden);
    weights[`${path}.ls2.gamma`] = [width];
  }
  add('norm', width);
  return weights;
}

/** Writes the graph of one checkpoint. Tokens are rows: class token, registers, patches row by row. */
class Dinov2Writer {
  readonly #structure: Dinov2Structure;
  readonly #read: ReadWeight;
  readonly #precision: Precision;
  readonly #graph = new GraphBuilder('dinov2');

  constructor(structure: Dinov2Structure, read: ReadWeight, precision: Precision) {
    this.#structure = structure;
    this.#read = read;
    this.#precision = precision;
  }

  async write(): Promise<GraphBuilder> {
    const { width, blocks, combine } = this.#structure;
    const graph = this.#graph;
    const { tokens: first, sides } = await this.#embed();
    const maps: Value[] = [];
    let tokens = first;
    for (let block = 0; block <= Math.max(...blocks); block++) {
      tokens = await this.#block(tokens, `blocks.${block}`);
      if (blocks.includes(block)) maps.push(await this.#map(tokens, sides));
    }
    if (maps.length === 1) graph.node('Identity', maps, {}, 'features');
    else if (combine === 'concat') graph.node('Concat', maps, { axis: 1 }, 'features');
    else graph.node('Mean', maps, {}, 'features');
    outputFeatures(graph, 'features', (combine === 'concat' ? maps.length : 1) * width);
    return graph;
  }

  /** The tokens of the image with their positions, and the number of patches down and across as an int64 vector. */
  async #embed(): Promise<{ tokens: Value; sides: Value }> {
    const { width, registers, patch, grid } = this.#structure;
    const graph = this.#graph;
    const projection: Kernel = {
      shape: [width, 3, patch, patch],
      weights: await this.#read('patch_embed.proj.weight'),
      bias: await this.#read('patch_embed.proj.bias'),
    };
    const options = { stride: patch, precision: this.#precision };
    const planes = convolution(graph, normalizedImage(graph), projection, options);
    const sides = graph.node('Shape', [planes], { start: 2 });
    const rows = graph.node('Reshape', [planes, graph.constant(int64([width, -1]))]);
    const patches = graph.node('Transpose', [rows], { perm: [1, 0] });

    const positions = await this.#read('pos_embed');
    const embeddings = graph.constant(float32([grid * grid, width], positions.subarray(width)));
    const resampling = registers > 0 ? 'antialias' : 'offset';
    const down = graph.node('Slice', [sides, graph.constant(int64([0])), graph.constant(int64([1]))]);
    const across = graph.node('Slice', [sides, graph.constant(int64([1])), graph.constant(int64([2]))]);
    const resized = resizedEmbeddings(graph, embeddings, { side: grid, width, resampling }, [down, across]);

    const token = await this.#read('cls_token');
    const classToken = token.map((value, i) => value + positions[i]);
    const leading = [graph.constant(float32([1, width], classToken))];
    if (registers > 0) {
      leading.push(graph.constant(float32([registers, width], await this.#read('register_tokens'))));
    }
    const placed = graph.node('Add', [patches, resized]);
    return { tokens: graph.node('Concat', [...leading, placed], { axis: 0 }), sides };
  }

  async #block(tokens: Value, path: string): Promise<Value> {
    const { width, hidden, isGated } = this.#structure;
    const graph = this.#graph;
    const first = await this.#norm(tokens, `${path}.norm1`);
    const qkv = linear(graph, first, await this.#queryKeyValue(path), this.#precision);
    const attended = attention(graph, qkv, width / HEAD_WIDTH);
    const between = await this.#scaledResidual(
      tokens,
      attended,
      `${path}.attn.proj`,
      `${path}.ls1.gamma`,
      width,
    );

    const second = await this.#norm(between, `${path}.norm2`);
    const [opening, closing] = isGated ? ['w12', 'w3'] : ['fc1', 'fc2'];
    const kernel = await this.#kernel(`${path}.mlp.${opening}`, [isGated ? 2 * hidden : hidden, width]);
    const opened = linear(graph, second, kernel, this.#precision);
    const activated = isGated ? swiglu(graph, opened) : gelu(graph, opened);
    return this.#scaledResidual(between, activated, `${path}.mlp.${closing}`, `${path}.ls2.gamma`, hidden);
  }

  /** Folds the scale of attention scores into the queries. */
  async #queryKeyValue(path: string): Promise<Kernel> {
    const { width } = this.#structure;
    const { shape, weights, bias } = await this.#kernel(`${path}.attn.qkv`, [3 * width, width]);
    const scale = 1 / Math.sqrt(HEAD_WIDTH);
    weights.subarray(0, width * width).forEach((value, i) => (weights[i] = value * scale));
    return {
      shape,
      weights,
      bias: Float32Array.from(bias, (value, i) => (i < width ? value * scale : value)),
    };
  }

  /** Adds a linear layer of `values` to the tokens, with the scale of its layer folded in. */
  async #scaledResidual(
    tokens: Value,
    values: Value,
    name: string,
    gamma: string,
    inputs: number,
  ): Promise<Value> {
    const kernel = await this.#kernel(name, [this.#structure.width, inputs]);
    const factors = Float64Array.from(await this.#read(gamma));
    const bias = factors.map((factor, i) => factor * kernel.bias[i]);
    const added = linear(this.#graph, values, { ...kernel, factors, bias }, this.#precision);
    return this.#graph.node('Add', [tokens, added]);
  }

  /** The normalized patch tokens as 1 x width x down x across. */
  async #map(tokens: Value, sides: Value): Promise<Value> {
    const { width, registers } = this.#structure;
    const graph = this.#graph;
    const start = graph.constant(int64([1 + registers]));
    const end = graph.constant(int64([Number.MAX_SAFE_INTEGER]));
    const patches = graph.node('Slice', [tokens, start, end]);
    const rows = graph.node('Transpose', [await this.#norm(patches, 'norm')], { perm: [1, 0] });
    const shape = graph.node('Concat', [graph.constant(int64([1, width])), sides], { axis: 0 });
    return graph.node('Reshape', [rows, shape]);
  }

  async #norm(tokens: Value, name: string): Promise<Value> {
    return layerNorm(
      this.#graph,
      tokens,
      await this.#read(`${name}.weight`),
      await this.#read(`${name}.bias`),
    );
  }

  async #kernel(name: string, shape: readonly number[]): Promise<Kernel> {
    return { shape, weights: await this.#read(`${name}.weight`), bias: await this.#read(`${name}.bias`) };
  }
}
