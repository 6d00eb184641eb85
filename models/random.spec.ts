import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, test } from 'vitest';
import { randomKernels } from '../src-main/methods/extractors/random.ts';
import { referenceRandom } from './random.reference.ts';
import { buildRandom } from './random.ts';
import { largestDifference } from './test/largest-difference.ts';
import { flat, noise, texture } from './test/images.ts';
import { sessionOf } from './test/session.ts';

const seeded = (seed: number) => {
  const values = randomKernels(seed);
  return { values, feeds: { kernels: new ort.Tensor('float32', values, [128, 3, 5, 5]) } };
};

let extract: Awaited<ReturnType<typeof sessionOf>>;
beforeAll(async () => {
  extract = await sessionOf(buildRandom());
});

test('the committed model is up to date', () => {
  const committed = readFileSync(new URL('./random.onnx', import.meta.url));
  expect(committed.equals(buildRandom()), 'run: node models/build-models.ts').toBe(true);
});

describe('the graph agrees with the reference implementation', () => {
  test.each([
    ['a texture', texture(32, 32), 0],
    ['a wide texture', texture(19, 61), 0],
    ['another seed', texture(19, 61), 7],
    ['a tall texture', texture(53, 20), 1],
    ['the smallest image', noise(3, 3), 2],
    ['the narrowest image', noise(70, 3), 3],
    ['an image of one color', flat(12, 17), 4],
  ])('on %s', async (_, image, seed) => {
    const kernels = seeded(seed);
    const { dims, values } = await extract(image, kernels.feeds);
    expect(dims).toEqual([1, 128, image.height, image.width]);
    const expected = referenceRandom(image.values, image.height, image.width, kernels.values);
    expect(largestDifference(values, expected)).toBeLessThan(1e-6);
  });
});

test('an image below the minimum side is rejected', async () => {
  await expect(extract(noise(2, 50), seeded(0).feeds)).rejects.toThrow();
});
