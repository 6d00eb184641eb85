import { describe, expect, it } from 'vitest';
import { convert, networkOf } from './convert.ts';
import { dinov2 } from './dinov2.ts';
import type { LayerSelection, Shapes } from './network.ts';
import { checkpointOf, imageOf, largestDifference, runNetwork, weightsOf } from './test/random-network.ts';
import { plainDinov2 } from './test/reference-dinov2.ts';
import type { Planes } from './test/reference-networks.ts';

interface Size {
  width: number;
  depth: number;
  registers?: number;
  grid: number;
  hidden?: number;
  isGated?: boolean;
  patch?: number;
}

/** Names and shapes of a published checkpoint of that size. */
function shapesOf(size: Size): Record<string, number[]> {
  const { width, depth, registers = 0, grid, hidden = 2 * width, isGated = false, patch = 14 } = size;
  const shapes: Record<string, number[]> = {
    cls_token: [1, 1, width],
    pos_embed: [1, 1 + grid * grid, width],
    mask_token: [1, width],
    'patch_embed.proj.weight': [width, 3, patch, patch],
    'patch_embed.proj.bias': [width],
    'norm.weight': [width],
    'norm.bias': [width],
  };
  if (registers > 0) shapes.register_tokens = [1, registers, width];
  const perceptron = isGated
    ? { w12: [2 * hidden, width], w3: [width, hidden] }
    : { fc1: [hidden, width], fc2: [width, hidden] };
  for (let block = 0; block < depth; block++) {
    const path = `blocks.${block}`;
    const matrices = { 'attn.qkv': [3 * width, width], 'attn.proj': [width, width] };
    for (const [name, shape] of Object.entries(matrices)) shapes[`${path}.${name}.weight`] = shape;
    for (const [name, [outputs]] of Object.entries(matrices)) shapes[`${path}.${name}.bias`] = [outputs];
    for (const [name, shape] of Object.entries(perceptron)) {
      shapes[`${path}.mlp.${name}.weight`] = shape;
      shapes[`${path}.mlp.${name}.bias`] = [shape[0]];
    }
    for (const name of ['norm1.weight', 'norm1.bias', 'norm2.weight', 'norm2.bias', 'ls1.gamma', 'ls2.gamma'])
      shapes[`${path}.${name}`] = [width];
  }
  return shapes;
}

const tensorsOf = (shapes: Record<string, readonly number[]>): Shapes =>
  new Map(Object.entries(shapes).map(([name, shape]) => [name, { shape }]));

async function compared(size: Size, height: number, width: number, selection?: LayerSelection) {
  const shapes = shapesOf(size);
  const network = dinov2.network(tensorsOf(shapes), selection);
  const values = weightsOf({ weights: shapes });
  const image = imageOf(height, width);
  const actual = await runNetwork(network, values, image);
  const plain = (blocks: number[]) => plainDinov2(image, values, size.patch ?? 14, blocks);
  return { network, actual, plain };
}

describe('DINOv2 matches a float64 reference', () => {
  it.each<[string, Size, number, number]>([
    ['without registers', { width: 64, depth: 3, grid: 5 }, 42, 84],
    ['with registers, a smaller grid of tokens', { width: 128, depth: 2, registers: 4, grid: 9 }, 56, 28],
    ['with registers, a larger grid of tokens', { width: 64, depth: 1, registers: 1, grid: 3 }, 70, 112],
    ['on the grid of its position embeddings', { width: 64, depth: 1, grid: 4 }, 56, 56],
    ['with registers, on their grid', { width: 64, depth: 1, registers: 2, grid: 4 }, 56, 56],
    ['with one side of the grid', { width: 64, depth: 1, grid: 4 }, 56, 42],
    ['with one position', { width: 64, depth: 1, grid: 1 }, 28, 42],
    ['with one token', { width: 64, depth: 1, grid: 4 }, 14, 14],
    ['with SwiGLU', { width: 64, depth: 2, grid: 3, hidden: 96, isGated: true }, 28, 42],
    ['with patches of 8 pixels', { width: 64, depth: 1, grid: 3, patch: 8 }, 40, 24],
    ['with more tokens than a block of queries', { width: 64, depth: 1, grid: 6 }, 14 * 16, 14 * 17],
  ])('%s', async (_, size, height, width) => {
    const { network, actual, plain } = await compared(size, height, width);
    expect(network).toMatchObject({ channels: size.width, stride: size.patch ?? 14 });
    expect(largestDifference(actual, plain([size.depth - 1])[0])).toBeLessThan(2e-4);
  });

  const deep: Size = { width: 64, depth: 4, grid: 3 };

  it('at one block in the middle, with the last normalization', async () => {
    const { actual, plain } = await compared(deep, 42, 28, { layers: ['1'] });
    expect(largestDifference(actual, plain([1])[0])).toBeLessThan(2e-4);
  });

  it('at several blocks, one after the other', async () => {
    const { network, actual, plain } = await compared(deep, 42, 28, { layers: ['2', '0'] });
    expect(network).toMatchObject({ channels: 128, layers: 2 });
    const [first, second] = plain([0, 2]);
    const values = Float64Array.from([...first.values, ...second.values]);
    expect(largestDifference(actual, { ...first, channels: 128, values })).toBeLessThan(2e-4);
  });

  it('at the mean of several blocks', async () => {
    const { network, actual, plain } = await compared(deep, 42, 28, {
      layers: ['0', '1', '3'],
      combine: 'mean',
    });
    expect(network).toMatchObject({ channels: 64, layers: 1 });
    const maps = plain([0, 1, 3]);
    const values = maps[0].values.map((_, i) => maps.reduce((sum, map) => sum + map.values[i] / 3, 0));
    const mean: Planes = { ...maps[0], values };
    expect(largestDifference(actual, mean)).toBeLessThan(2e-4);
  });
});

describe('a checkpoint of DINOv2 is refused', () => {
  const shapes = shapesOf({ width: 64, depth: 3, registers: 2, grid: 3 });
  const without = (pattern: RegExp) =>
    Object.fromEntries(Object.entries(shapes).filter(([name]) => !pattern.test(name)));
  const refused = (changed: Record<string, readonly number[]>, selection?: LayerSelection) =>
    expect(() => networkOf('net.pth', { tensors: mapped(changed) }, dinov2, selection));
  const mapped = (changed: Record<string, readonly number[]>) =>
    checkpointOf({ weights: changed }, {}).tensors;

  it.each<[string, Record<string, readonly number[]>, RegExp]>([
    ['without a block in the middle', without(/^blocks\.1\./), /blocks\.1\.norm1\.weight \[64\] is missing/],
    ['without blocks', without(/^blocks/), /blocks\.0 is missing/],
    [
      'without position embeddings',
      without(/pos_embed/),
      /pos_embed \[1, 1 \+ side \* side, 64\] is missing/,
    ],
    ['without its first layer', without(/patch_embed/), /patch_embed\.proj\.weight .* is missing/],
    ['with another width', { ...shapes, cls_token: [1, 1, 128] }, /cls_token \[1, 1, 64\] .* \[1, 1, 128\]/],
    ['with an odd width', { ...shapes, 'patch_embed.proj.weight': [100, 3, 14, 14] }, /multiple of 64/],
    ['with a grid that is not square', { ...shapes, pos_embed: [1, 8, 64] }, /8 positions/],
    ['with a wrong rank', { ...shapes, pos_embed: [10, 64] }, /pos_embed .* expected but is \[10, 64\]/],
    ['with a far block', { ...shapes, 'blocks.99999.norm1.weight': [64] }, /at most 200 blocks/],
    ['of another network', { 'conv1.weight': [64, 3, 7, 7] }, /no DINOv2 checkpoint/],
  ])('%s', (_, changed, reason) => {
    refused(changed).toThrow(expect.objectContaining({ code: 'CHECKPOINT_REFUSED' }));
    refused(changed).toThrow(reason);
  });

  it.each<[LayerSelection, RegExp]>([
    [{ layers: ['3'] }, /no block "3"; its blocks are 0 to 2/],
    [{ layers: ['layer2'] }, /no block "layer2"/],
    [{ layers: ['-1'] }, /no block "-1"/],
    [{ layers: ['0', '1'], combine: 'patchcore' }, /wide_resnet50 only/],
  ])('with the layers %j', (selection, reason) => refused(shapes, selection).toThrow(reason));

  it('with a weight that is not a number', async () => {
    const network = dinov2.network(tensorsOf(shapes));
    const values = weightsOf({ weights: shapes });
    values['blocks.2.mlp.fc1.weight'][7] = NaN;
    const checkpoint = checkpointOf({ weights: shapes }, values);
    await expect(convert('net.pth', checkpoint, network, 'float32')).rejects.toThrow(
      /blocks\.2\.mlp\.fc1\.weight has a weight that is NaN \(element 7\)/,
    );
  });

  it('that exceeds an ONNX file, before anything is read', async () => {
    const large = shapesOf({ width: 1536, depth: 40, grid: 37, hidden: 4096, isGated: true });
    const network = dinov2.network(tensorsOf(large));
    const checkpoint = checkpointOf({ weights: large }, {});
    await expect(convert('g.pth', checkpoint, network, 'float32')).rejects.toThrow(/4\.5 GB in float32/);
  });
});
