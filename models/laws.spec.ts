import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { LAWS_MINIMUM_SIDE, buildLaws } from './laws.ts';
import { referenceLaws } from './laws.reference.ts';
import { largestDifference, range } from './test/largest-difference.ts';
import { flat, noise, texture } from './test/images.ts';
import { sessionOf } from './test/session.ts';

let extract: Awaited<ReturnType<typeof sessionOf>>;
beforeAll(async () => {
  extract = await sessionOf(buildLaws());
});

test('the committed model is up to date', () => {
  const committed = readFileSync(new URL('./laws.onnx', import.meta.url));
  expect(committed.equals(buildLaws()), 'run: node models/build-models.ts').toBe(true);
});

describe('the graph agrees with the reference implementation', () => {
  test.each([
    ['a texture', texture(64, 64)],
    ['a wide texture', texture(31, 97)],
    ['a tall texture', texture(101, 40)],
    ['the smallest image', noise(LAWS_MINIMUM_SIDE, LAWS_MINIMUM_SIDE)],
    ['the narrowest image', noise(90, LAWS_MINIMUM_SIDE)],
    ['noise', noise(45, 52)],
  ])('on %s', async (_, image) => {
    const { dims, values } = await extract(image);
    expect(dims).toEqual([1, 9, image.height, image.width]);
    expect(largestDifference(values, referenceLaws(image.values, image.height, image.width))).toBeLessThan(
      1e-5,
    );
  });
});

test('a constant image has no energy', async () => {
  const { values } = await extract(flat(40, 60));
  const [low, high] = range(values);
  expect(Math.max(-low, high)).toBeLessThan(1e-6);
});

test('an image below the minimum side is rejected', async () => {
  await expect(extract(noise(LAWS_MINIMUM_SIDE - 1, 50))).rejects.toThrow();
});
