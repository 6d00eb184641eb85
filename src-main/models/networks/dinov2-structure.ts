import type { LayerSelection, NetworkCost, Shapes } from './network.ts';
import { HEAD_WIDTH, QUERY_BLOCK } from './transformer-layers.ts';

/** The size of a DINOv2 network and the layers in use, as its checkpoint and the selection determine them. */
export interface Dinov2Structure {
  /** Channels of a token. */
  width: number;
  /** Channels inside the first layer of the perceptron of a block. */
  hidden: number;
  /** Whether the perceptron is SwiGLU, as in the largest published network. */
  isGated: boolean;
  depth: number;
  registers: number;
  /** Pixels of a side of a patch. */
  patch: number;
  /** Side of the square grid of position embeddings. */
  grid: number;
  /** Numbers of the blocks whose outputs are used, ascending. */
  blocks: readonly number[];
  combine: 'mean' | 'concat';
}

/** Largest depth and width; the published networks have at most 40 blocks and 1536 channels. */
const MAX_DEPTH = 200;
const MAX_WIDTH = 8192;

/** @throws RangeError if the names and shapes are not those of a DINOv2 checkpoint, or a selected block does not exist */
export function dinov2Structure(tensors: Shapes, selection: LayerSelection = {}): Dinov2Structure {
  const [width, , patch] = shapeOf(tensors, 'patch_embed.proj.weight', '[width, 3, patch, patch]', 4);
  if (width % HEAD_WIDTH !== 0 || width > MAX_WIDTH || width === 0) {
    throw new RangeError(
      `patch_embed.proj.weight has ${width} outputs; DINOv2's width is a multiple of ${HEAD_WIDTH}, at most ${MAX_WIDTH}`,
    );
  }
  const [, positions] = shapeOf(tensors, 'pos_embed', `[1, 1 + side * side, ${width}]`, 3);
  const grid = Math.round(Math.sqrt(positions - 1));
  if (grid < 1 || grid * grid !== positions - 1) {
    throw new RangeError(
      `pos_embed has ${positions} positions; DINOv2 has one for its class token and a square grid of others`,
    );
  }
  const depth = depthOf(tensors);
  const isGated = tensors.has('blocks.0.mlp.w12.weight');
  const first = isGated ? 'blocks.0.mlp.w12.weight' : 'blocks.0.mlp.fc1.weight';
  const [outputs] = shapeOf(tensors, first, `[hidden, ${width}]`, 2);
  const registers = tensors.has('register_tokens')
    ? shapeOf(tensors, 'register_tokens', `[1, registers, ${width}]`, 3)[1]
    : 0;
  const hidden = isGated ? outputs / 2 : outputs;
  if (!Number.isInteger(hidden)) throw new RangeError(`${first} has ${outputs} outputs, which is not even`);
  const { combine } = selection;
  if (combine === 'patchcore') {
    throw new RangeError('layers are combined as PatchCore publishes it in wide_resnet50 only');
  }
  const blocks = selectedBlocks(selection.layers, depth);
  return { width, hidden, isGated, depth, registers, patch, grid, blocks, combine: combine ?? 'concat' };
}

/** "12 blocks, width 384, 4 registers". */
export function describeSize({ depth, width, registers }: Dinov2Structure): string {
  return `${depth} blocks, width ${width}${registers > 0 ? `, ${registers} registers` : ''}`;
}

/** "12 blocks, width 384, 4 registers; blocks 5, 8, 11 concatenated". */
export function describeStructure(structure: Dinov2Structure): string {
  const { depth, blocks, combine } = structure;
  const size = describeSize(structure);
  if (blocks.length === 1) return blocks[0] === depth - 1 ? size : `${size}; block ${blocks[0]}`;
  const list = `blocks ${blocks.join(', ')}`;
  return `${size}; ${combine === 'mean' ? `mean of ${list}` : `${list} concatenated`}`;
}

/** Cost up to the last block in use. */
export function dinov2Cost(structure: Dinov2Structure): NetworkCost {
  const { width, hidden, isGated, patch, blocks } = structure;
  const area = patch * patch;
  const perBlock = 4 * width * width + (isGated ? 3 : 2) * width * hidden;
  const used = Math.max(...blocks) + 1;
  const heads = width / HEAD_WIDTH;
  // At the peak: tokens, normalized tokens, queries, keys and values twice, scores of a block twice; or the perceptron.
  const floats =
    Math.max(10 * width + 2 * heads * QUERY_BLOCK, 2 * width + 3 * hidden) + blocks.length * width;
  return {
    bytesPerPixel: Math.ceil((4 * floats) / area + 24),
    multiplicationsPerPixel: (used * perBlock + 3 * area * width) / area,
    multiplicationsPerPixelPair: (2 * used * width) / (area * area),
  };
}

/** The shape of a weight with that number of dimensions. */
function shapeOf(tensors: Shapes, name: string, expected: string, rank: number): readonly number[] {
  const shape = tensors.get(name)?.shape;
  if (!shape) throw new RangeError(`it is no DINOv2 checkpoint: ${name} ${expected} is missing`);
  if (shape.length === rank && shape.every((side) => side > 0)) return shape;
  throw new RangeError(`${name} ${expected} was expected but is [${shape.join(', ')}]`);
}

/** One more than the largest number of a block. `convert` reports blocks that are missing in between. */
function depthOf(tensors: Shapes): number {
  let depth = 0;
  for (const name of tensors.keys()) {
    const number = /^blocks\.(\d{1,6})\./.exec(name)?.[1];
    if (number !== undefined) depth = Math.max(depth, Number(number) + 1);
  }
  if (depth === 0) throw new RangeError('it is no DINOv2 checkpoint: blocks.0 is missing');
  if (depth > MAX_DEPTH)
    throw new RangeError(`it has a block ${depth - 1}; at most ${MAX_DEPTH} blocks are supported`);
  return depth;
}

function selectedBlocks(layers: readonly string[] | undefined, depth: number): number[] {
  if (!layers) return [depth - 1];
  const blocks = layers.map((layer) => {
    const block = /^\d{1,6}$/.test(layer) ? Number(layer) : NaN;
    if (block < depth) return block;
    throw new RangeError(`it has no block "${layer}"; its blocks are 0 to ${depth - 1}`);
  });
  if (blocks.length === 0) throw new RangeError('no block was selected');
  return [...new Set(blocks)].sort((a, b) => a - b);
}
