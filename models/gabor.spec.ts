import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { readNpy } from '../src-main/common/maps/npy.ts';
import { GABOR_CHANNELS, GABOR_MINIMUM_SIDE, GABOR_MULTIPLE, GABOR_STRIDE, buildGabor } from './gabor.ts';
import { referenceGabor } from './gabor.reference.ts';
import { largestDifference, range } from './test/largest-difference.ts';
import { type Image, flat, noise, texture } from './test/images.ts';

const GOLDEN = new URL('../assets/golden/', import.meta.url);
const GROUPS = [
  { name: 'S', channels: 32, weight: 0.15625 },
  { name: 'O', channels: 32, weight: 0.1171875 },
  { name: 'D', channels: 3, weight: 1 },
];

let session: ort.InferenceSession;
beforeAll(async () => {
  session = await ort.InferenceSession.create(buildGabor(), { logSeverityLevel: 4 });
});

test('the committed model is up to date', () => {
  const committed = readFileSync(new URL('./gabor.onnx', import.meta.url));
  expect(committed.equals(buildGabor()), 'run: node models/build-models.ts').toBe(true);
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
      const positions = (side: number) => (GABOR_MULTIPLE * Math.ceil(side / GABOR_MULTIPLE)) / GABOR_STRIDE;
      expect(features.dims).toEqual([1, GABOR_CHANNELS, positions(height), positions(width)]);
    },
  );

  test('are undefined for an image below the minimum side', async () => {
    await expect(extract(texture(GABOR_MINIMUM_SIDE - 1, 200))).rejects.toThrow();
  });

  test('are between 0 and the weight of their group, and use this range', async () => {
    const image = texture(160, 224);
    image.values.fill(1, 20_000, 20_100);
    const { data } = await extract(image);
    let start = 0;
    for (const { name, channels, weight } of GROUPS) {
      const end = start + (channels * data.length) / GABOR_CHANNELS;
      const [low, high] = range(data.subarray(start, end));
      expect(low, name).toBeGreaterThanOrEqual(0);
      expect(high, name).toBeLessThanOrEqual(weight);
      expect(high - low, name).toBeGreaterThan(weight / 2);
      start = end;
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
    expect(range(data.subarray(65 * 40 * 40))).toEqual([0.5, 0.5]);
    await expectReference(image, 1e-5);
  });

  test('on a constant image, which is at the middle of every range', async () => {
    const image = flat(96, 192);
    const { data } = await extract(image);
    let start = 0;
    for (const { name, channels, weight } of GROUPS) {
      const end = start + channels * 24 * 48;
      const [low, high] = range(data.subarray(start, end));
      expect(Math.abs(low / weight - 0.5), name).toBeLessThan(1e-3);
      expect(Math.abs(high / weight - 0.5), name).toBeLessThan(1e-3);
      start = end;
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
  const expected = readNpy(new Uint8Array(readFileSync(new URL('weave.gabor.npy', GOLDEN))));
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

async function extract(image: Image): Promise<{ dims: readonly number[]; data: Float32Array }> {
  const tensor = new ort.Tensor('float32', image.values, [1, 3, image.height, image.width]);
  const { features } = await session.run({ image: tensor });
  return { dims: features.dims, data: features.data as Float32Array };
}

async function expectReference(image: Image, tolerance: number): Promise<void> {
  const { data } = await extract(image);
  const planes = referenceGabor(image.values, image.height, image.width);
  const expected = Float32Array.from(planes.flatMap(({ values }) => [...values]));
  expect(largestDifference(data, expected)).toBeLessThan(tolerance);
}
