import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { STEERABLE_MINIMUM_SIDE, buildSteerable, buildUnscaledSteerable } from './steerable.ts';
import { referenceSteerable } from './steerable.reference.ts';
import { largestDifference, range } from './test/largest-difference.ts';
import { type Image, flat, noise, texture } from './test/images.ts';
import { sessionOf } from './test/session.ts';

const EVERY = Array.from({ length: 129 }, (_, channel) => channel);
/** Orientations along, across, and at both diagonals; each color. */
const SOME = [0, 31, 64, 98, 128];

let extract: Awaited<ReturnType<typeof sessionOf>>;
beforeAll(async () => {
  extract = await sessionOf(buildSteerable());
});

test.each([
  ['steerable', buildSteerable],
  ['steerable_unscaled', buildUnscaledSteerable],
])('the committed model %s is up to date', (name, build) => {
  const committed = readFileSync(new URL(`./${name}.onnx`, import.meta.url));
  expect(committed.equals(build()), 'run: node models/build-models.ts').toBe(true);
});

describe('the graph agrees with the reference implementation', () => {
  test.each([
    ['even sides, every channel', texture(32, 24), EVERY],
    ['odd sides, every channel', texture(21, 33), EVERY],
    ['a texture', texture(128, 128), SOME],
    ['prime sides', texture(131, 97), SOME],
    ['even by odd', texture(90, 133), SOME],
    ['odd by even', texture(101, 64), SOME],
    ['noise', noise(50, 75), SOME],
    ['a few pixels', noise(5, 4), EVERY],
    ['the smallest image', noise(STEERABLE_MINIMUM_SIDE, STEERABLE_MINIMUM_SIDE), EVERY],
    ['the smallest height', noise(STEERABLE_MINIMUM_SIDE, 40), EVERY],
    ['the narrowest image', noise(37, STEERABLE_MINIMUM_SIDE), EVERY],
  ])('on %s', async (_, image, channels) => {
    const { dims, values } = await extract(image);
    expect(dims).toEqual([43, 1, 3, image.height, image.width]);
    expectReference(values, image, channels);
  });
});

function expectReference(
  values: Float32Array,
  { values: rgb, height, width }: Image,
  channels: number[],
): void {
  const pixels = height * width;
  referenceSteerable(rgb, height, width, channels).forEach((expected, i) => {
    const start = channels[i] * pixels;
    const difference = largestDifference(values.subarray(start, start + pixels), expected);
    expect(difference, `channel ${channels[i]}`).toBeLessThan(1e-4);
  });
}

test('a constant image has exactly no response in any orientation', async () => {
  const { values } = await extract(flat(31, 48));
  expect(range(values)).toEqual([0, 0]);
});

test('every channel of a texture spans 0 to 1', async () => {
  const image = texture(60, 44);
  const { values } = await extract(image);
  for (const channel of EVERY) {
    const [low, high] = range(values.subarray(channel * 60 * 44, (channel + 1) * 60 * 44));
    expect(low).toBe(0);
    expect(high).toBeGreaterThan(0.999);
    expect(high).toBeLessThanOrEqual(1);
  }
});
