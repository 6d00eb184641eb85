import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { fromFloat16, toFloat16 } from '../checkpoint/dtypes.ts';
import { convert, networkOf } from './convert.ts';
import type { Network, Precision } from './network.ts';
import { checkpointOf, imageOf, largestDifference, runNetwork, weightsOf } from './test/random-network.ts';
import { plainVgg19, plainWideResnet50, scaled } from './test/reference-networks.ts';
import type { Planes, Weights } from './test/reference-networks.ts';
import { vgg19 as vgg19Architecture } from './vgg19.ts';
import { wideResnet50 as wideResnet50Architecture } from './wide-resnet50.ts';

const vgg19 = vgg19Architecture.network(new Map());
const wideResnet50 = wideResnet50Architecture.network(new Map());
const networks = [wideResnet50, vgg19];

/** The features that a graph computes, scaled as the extractor scales them. */
async function features(network: Network, values: Weights, image: Planes, precision: Precision = 'float32') {
  return scaled(await runNetwork(network, values, image, precision));
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
      expect(largestDifference(half, exact)).toBeLessThan(1e-4);
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
    expect(
      (async () => {
        const network = networkOf('net.pth', checkpoint, vgg19Architecture);
        return convert('net.pth', checkpoint, network, precision);
      })(),
    ).rejects;

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
