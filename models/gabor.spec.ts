import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { readNpy } from '../src-main/common/maps/npy.ts';
import {
  GABOR_MINIMUM_SIDE,
  GABOR_MULTIPLE,
  GABOR_STRIDE,
  buildGabor,
  buildGabor67,
  buildGabor67Completion,
  buildGabor67Constants,
  buildGabor67Local,
  buildGabor67Means,
  buildGaborCompletion,
  buildGaborConstants,
  buildGaborLocal,
  buildGaborMeans,
} from './gabor.ts';
import { type Plane, referenceGabor, referenceGabor67 } from './gabor.reference.ts';
import { largestDifference, range } from './test/largest-difference.ts';
import { type Image, flat, noise, texture } from './test/images.ts';

const GOLDEN = new URL('../assets/golden/', import.meta.url);

interface Model {
  name: string;
  build(): Uint8Array;
  reference(rgb: ArrayLike<number>, height: number, width: number): Plane[];
  /** Channels with the same weight. */
  groups: { name: string; channels: number; weight: number }[];
}

const level = (name: string, weight: number) => ({ name, channels: 8, weight });
const models: Model[] = [
  {
    name: 'gabor',
    build: buildGabor,
    reference: referenceGabor,
    groups: [
      ...[0.15, 0.15, 0.1, 0.05].map((weight, j) => level(`S${j}`, weight)),
      ...[0.25, 0.175, 0.1, 0.075].map((weight, j) => level(`O${j}`, weight)),
      { name: 'Y', channels: 1, weight: 0.8 },
      { name: 'R - G', channels: 1, weight: 1 },
      { name: '(R + G)/2 - B', channels: 1, weight: 1.2 },
      { name: 'min2', channels: 1, weight: 0.6 },
      { name: 'max2', channels: 1, weight: 0.4 },
      { name: 'dark2', channels: 1, weight: 0.8 },
    ],
  },
  {
    name: 'gabor67',
    build: buildGabor67,
    reference: referenceGabor67,
    groups: [
      { name: 'S', channels: 32, weight: 0.15625 },
      { name: 'O', channels: 32, weight: 0.1171875 },
      { name: 'D', channels: 3, weight: 1 },
    ],
  },
];

describe.each(models)('$name', ({ name, build, reference, groups }) => {
  const channelCount = groups.reduce((sum, { channels }) => sum + channels, 0);
  let session: ort.InferenceSession;
  beforeAll(async () => {
    session = await ort.InferenceSession.create(build(), { logSeverityLevel: 4 });
  });

  async function extract(image: Image): Promise<{ dims: readonly number[]; data: Float32Array }> {
    const tensor = new ort.Tensor('float32', image.values, [1, 3, image.height, image.width]);
    const { features } = await session.run({ image: tensor });
    return { dims: features.dims, data: features.data as Float32Array };
  }

  async function expectReference(image: Image, tolerance: number): Promise<void> {
    const { data } = await extract(image);
    const planes = reference(image.values, image.height, image.width);
    const expected = Float32Array.from(planes.flatMap(({ values }) => [...values]));
    expect(data).toHaveLength(expected.length);
    expect(largestDifference(data, expected)).toBeLessThan(tolerance);
  }

  /** The smallest and largest value of each group, divided by its weight. */
  function ranges(data: Float32Array): { name: string; low: number; high: number }[] {
    let end = 0;
    return groups.map(({ name, channels, weight }) => {
      const start = end;
      end += (channels * data.length) / channelCount;
      const [low, high] = range(data.subarray(start, end));
      return { name, low: low / weight, high: high / weight };
    });
  }

  test('the committed model is up to date', () => {
    const committed = readFileSync(new URL(`./${name}.onnx`, import.meta.url));
    expect(committed.equals(build()), 'run: node models/build-models.ts').toBe(true);
  });

  describe('the features of an image', () => {
    test.each([
      [160, 160],
      [GABOR_MINIMUM_SIDE, GABOR_MINIMUM_SIDE],
      [161, 177],
    ])(
      'of %i x %i pixels have a position for every 4 x 4 pixels of the padded image',
      async (height, width) => {
        const features = await extract(texture(height, width));
        const positions = (side: number) =>
          (GABOR_MULTIPLE * Math.ceil(side / GABOR_MULTIPLE)) / GABOR_STRIDE;
        expect(features.dims).toEqual([1, channelCount, positions(height), positions(width)]);
      },
    );

    test('are undefined for an image below the minimum side', async () => {
      await expect(extract(texture(GABOR_MINIMUM_SIDE - 1, 200))).rejects.toThrow();
    });

    test('are between 0 and the weight of their group, and use this range', async () => {
      const image = texture(160, 224);
      image.values.fill(1, 20_000, 20_100);
      for (const { name, low, high } of ranges((await extract(image)).data)) {
        expect(low, name).toBeGreaterThanOrEqual(0);
        expect(high, name).toBeLessThanOrEqual(1 + 1e-6);
        expect(high - low, name).toBeGreaterThan(0.4);
      }
    });
  });

  describe('the graph agrees with the reference implementation', () => {
    test.each([
      ['square', 160, 160],
      ['smallest', 33, 33],
      ['too narrow for the local blur', 48, 100],
      ['too narrow for the local blur by one row', 144, 160],
      ['padded at the right', 200, 131],
      ['padded at both borders', 161, 177],
      ['wide', 256, 512],
    ])('on a texture: %s, %i x %i', async (_, height, width) => {
      await expectReference(texture(height, width), 1e-5);
    });

    test('on noise', async () => {
      await expectReference(noise(100, 180), 1e-5);
    });

    test('on a gray texture, whose color channels are at the middle of their range', async () => {
      const image = texture(160, 160);
      const plane = image.values.slice(0, 160 * 160);
      [0, 1, 2].forEach((c) => image.values.set(plane, c * plane.length));
      const { data } = await extract(image);
      const colors = [65, 66].map((channel) => range(data.subarray(channel * 1600, (channel + 1) * 1600)));
      for (const [low, high] of colors) expect(high - low).toBe(0);
      await expectReference(image, 1e-5);
    });

    test('on a constant image, which is at the middle of every range', async () => {
      const image = flat(96, 192);
      for (const { name, low, high } of ranges((await extract(image)).data)) {
        expect(Math.abs(low - 0.5), name).toBeLessThan(1e-3);
        expect(Math.abs(high - 0.5), name).toBeLessThan(1e-3);
      }
      await expectReference(image, 1e-3);
    });

    test('on a texture next to a black border', async () => {
      const image = texture(160, 160);
      for (let i = 0; i < image.values.length; i++) if (i % 160 < 60) image.values[i] = 0;
      await expectReference(image, 1e-5);
    });
  });

  test('golden features of weave.png', async () => {
    const expected = readNpy(new Uint8Array(readFileSync(new URL(`weave.${name}.npy`, GOLDEN))));
    const png = sharp(readFileSync(new URL('weave.png', GOLDEN))).removeAlpha();
    const { data, info } = await png.raw().toBuffer({ resolveWithObject: true });
    const pixels = info.width * info.height;
    const values = Float32Array.from({ length: 3 * pixels }, (_, i) => {
      return data[(i % pixels) * 3 + Math.floor(i / pixels)] / 255;
    });
    const features = await extract({ values, height: info.height, width: info.width });
    expect(features.dims.slice(1)).toEqual(expected.shape);
    expect(largestDifference(features.data, expected.values)).toBeLessThan(1e-5);
  });
});

test.each([
  ['gabor_local', buildGaborLocal],
  ['gabor67_local', buildGabor67Local],
  ['gabor_means', buildGaborMeans],
  ['gabor67_means', buildGabor67Means],
  ['gabor_constants', buildGaborConstants],
  ['gabor67_constants', buildGabor67Constants],
  ['gabor_completion', buildGaborCompletion],
  ['gabor67_completion', buildGabor67Completion],
] as const)('the committed %s.onnx is what its script writes', (name, build) => {
  const committed = readFileSync(new URL(`./${name}.onnx`, import.meta.url));
  expect(committed.equals(build())).toBe(true);
});
