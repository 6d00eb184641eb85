import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { Checkpoint, TensorDescription } from '../checkpoint/checkpoint.ts';
import { fromFloat16, toFloat16 } from '../checkpoint/dtypes.ts';
import { convert } from './convert.ts';
import type { Network, Precision } from './network.ts';
import { networks } from './networks.ts';
import { plainVgg19, plainWideResnet50 } from './test/reference-networks.ts';
import type { Planes, Weights } from './test/reference-networks.ts';
import { vgg19 } from './vgg19.ts';
import { wideResnet50 } from './wide-resnet50.ts';

/** Reproducible pseudorandom numbers in -1..1. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  };
}

/** Weights with the typical size after training; variances and gains around 1. */
function weightsOf(network: Network): Weights {
  const random = noise(7);
  const values: Weights = {};
  for (const [name, shape] of Object.entries(network.weights)) {
    const count = shape.reduce((product, side) => product * side, 1);
    const spread = shape.length === 4 ? Math.sqrt(6 / (shape[1] * shape[2] * shape[3])) : 0.1;
    const base = /running_var|(bn\d|downsample\.1)\.weight/.test(name) ? 1 : 0;
    values[name] = Float32Array.from({ length: count }, () => base + spread * random());
  }
  return values;
}

function checkpointOf(network: Network, values: Weights, shapes = network.weights): Checkpoint {
  const described = Object.entries(shapes).map(([name, shape]): [string, TensorDescription] => [
    name,
    { shape, type: 'float32' },
  ]);
  return {
    tensors: new Map(described),
    read: (name) => Promise.resolve(values[name]),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function imageOf(height: number, width: number): Planes {
  const random = noise(3);
  const values = Float64Array.from({ length: 3 * height * width }, () => Math.fround(0.5 + 0.5 * random()));
  return { values, channels: 3, height, width };
}

async function features(network: Network, values: Weights, image: Planes, precision: Precision = 'float32') {
  const graph = await convert('net.pth', checkpointOf(network, values), network, precision);
  const session = await ort.InferenceSession.create(graph);
  const { height, width } = image;
  const input = new ort.Tensor('float32', Float32Array.from(image.values), [1, 3, height, width]);
  return (await session.run({ image: input })).features;
}

function largestDifference(actual: ort.Tensor, expected: Planes): number {
  expect(actual.dims).toEqual([1, expected.channels, expected.height, expected.width]);
  const values = actual.data as Float32Array;
  return values.reduce((largest, value, i) => Math.max(largest, Math.abs(value - expected.values[i])), 0);
}

describe('networks', () => {
  it.each([
    [33, 47],
    [40, 16],
  ])('wide_resnet50 matches a float64 reference on %d x %d', async (height, width) => {
    const values = weightsOf(wideResnet50);
    const image = imageOf(height, width);
    const actual = await features(wideResnet50, values, image);
    expect(largestDifference(actual, plainWideResnet50(image, values))).toBeLessThan(1e-4);
  });

  it.each([
    [9, 31],
    [1, 2],
  ])('vgg19 matches a float64 reference on %d x %d', async (height, width) => {
    const values = weightsOf(vgg19);
    const image = imageOf(height, width);
    const actual = await features(vgg19, values, image);
    expect(largestDifference(actual, plainVgg19(image, values))).toBeLessThan(1e-4);
  });

  it('compute the same in float16 if the weights come in float16', async () => {
    for (const network of networks) {
      const rounded = Object.entries(weightsOf(network)).map(([name, values]) => [
        name,
        values.map((value) => fromFloat16(toFloat16(value))),
      ]);
      const values = Object.fromEntries(rounded) as Weights;
      const image = imageOf(24, 40);
      const [exact, half] = [
        await features(network, values, image),
        await features(network, values, image, 'float16'),
      ];
      // Both graphs compute in float32, but some processors sum and round in a different order.
      const difference = (half.data as Float32Array).map((value, i) =>
        Math.abs(value - Number(exact.data[i])),
      );
      expect(Math.max(...difference)).toBeLessThan(1e-4);
    }
  });

  it('stay close in int8, in a quarter of the bytes', async () => {
    const values = weightsOf(vgg19);
    const image = imageOf(24, 40);
    const actual = await features(vgg19, values, image, 'int8');
    const difference = largestDifference(actual, plainVgg19(image, values));
    expect(difference).toBeLessThan(0.05);
    expect(difference).toBeGreaterThan(1e-4);
    const sizes = await Promise.all(
      (['float32', 'int8'] as const).map(
        async (precision) => (await convert('net.pth', checkpointOf(vgg19, values), vgg19, precision)).length,
      ),
    );
    expect(sizes[1]).toBeLessThan(0.3 * sizes[0]);
  });
});

describe('unsuitable weights', () => {
  const values = weightsOf(vgg19);
  const without = (name: string) =>
    Object.fromEntries(Object.entries(vgg19.weights).filter(([other]) => other !== name));
  const changed = (name: string, value: number) => {
    const copy = { ...values, [name]: values[name].slice() };
    copy[name][5] = value;
    return copy;
  };
  const refusal = (checkpoint: Checkpoint, precision: Precision = 'float32') =>
    expect(convert('net.pth', checkpoint, vgg19, precision)).rejects;

  it('are rejected if a name is missing, with the names found', async () => {
    const shapes = { ...without('features.2.bias'), 'features.2.offset': [64] };
    await refusal(checkpointOf(vgg19, values, shapes)).toMatchObject({
      code: 'CHECKPOINT_REFUSED',
      message: expect.stringMatching(
        /features\.2\.bias \[64\] is missing.*Found: .*features\.0\.weight \[64, 3, 3, 3\]/,
      ),
    });
  });

  it('are rejected if a shape differs, with both shapes', async () => {
    const shapes = { ...vgg19.weights, 'features.2.weight': [64, 64, 5, 5] };
    await refusal(checkpointOf(vgg19, values, shapes)).toThrow(
      /features\.2\.weight \[64, 64, 3, 3\] was expected but is \[64, 64, 5, 5\]/,
    );
  });

  it('are rejected if they belong to another network, in a short message', async () => {
    const other = checkpointOf(wideResnet50, {});
    await refusal(other).toThrow(/^.{100,900}$/);
    await refusal(other).toThrow(/and \d+ more/);
  });

  it.each([NaN, Infinity, -Infinity])('are rejected if one is %d, with its position', async (value) => {
    await refusal(checkpointOf(vgg19, changed('features.2.weight', value))).toThrow(
      `features.2.weight has a weight that is ${value} (element 5)`,
    );
  });

  it('are rejected if they exceed float16', async () => {
    const checkpoint = checkpointOf(vgg19, changed('features.0.weight', 1e5));
    await refusal(checkpoint, 'float16').toThrow(/65504/);
  });

  it('are rejected if a variance is negative', async () => {
    const broken = weightsOf(wideResnet50);
    broken['layer1.0.bn2.running_var'][0] = -1;
    const checkpoint = checkpointOf(wideResnet50, broken);
    await expect(convert('net.pth', checkpoint, wideResnet50, 'float32')).rejects.toThrow(
      /layer1\.0\.bn2 has a negative variance/,
    );
  });

  it('are accepted if there are more than needed', async () => {
    const shapes = { ...vgg19.weights, 'classifier.0.weight': [4096, 25088] };
    await expect(
      convert('net.pth', checkpointOf(vgg19, values, shapes), vgg19, 'float32'),
    ).resolves.toBeDefined();
  });
});
