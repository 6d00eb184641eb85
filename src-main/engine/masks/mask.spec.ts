import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeMask } from './encode-mask.ts';
import { orientMask, readMask } from './mask.ts';
import { readImageMask } from './merge-masks.ts';
import { expected, fixture } from '../readers/test/fixtures.ts';

const LIMIT = 1e6;
const mask = (name: string) => readMask(fixture(name), LIMIT);
const defect = Uint8Array.from(expected.defect);
const area = defect.reduce((sum, value) => sum + value, 0);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-mask-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a mask file', () => {
  it.each([
    'mask-0-255.png',
    'mask-0-1.png',
    'mask-0-2.png',
    'mask-1bit.png',
    'mask-0-1.bmp',
    'mask.pgm',
    'mask-voc.png',
    'mask-16bit-0-1.tif',
    'mask-16bit-background-600.tif',
    'mask-12in16.tif',
    'mask-int32.tif',
    'mask-float.tif',
    'mask-alpha-only.png',
    'mask-gray-alpha-only.png',
    'mask-gray-alpha.tif',
    'mask-red-40-percent.png',
    'mask-rgb.png',
    'mask-quality90.jpg',
  ])('%s marks the defect', async (name) => {
    const { values, marked } = await mask(name);
    expect(marked).toBe(area);
    expect(Buffer.compare(values, defect)).toBe(0);
  });

  it('with soft edges is thresholded at half brightness, at any bit depth', async () => {
    const narrow = await mask('mask-soft.png');
    const wide = await mask('mask-soft16.tif');
    expect(Buffer.compare(narrow.values, wide.values)).toBe(0);
    const float = await mask('mask-float255.tif');
    expect(Buffer.compare(narrow.values, float.values)).toBe(0);
    expect(narrow.anomalousFrom).toBe(128);
    expect(wide.anomalousFrom).toBe(32768);
    expect(narrow.marked).toBeGreaterThan(20);
  });

  it('with 0 and 255 has every white pixel', async () => {
    const pixels = fc.uint8Array({ min: 0, max: 1, minLength: 1, maxLength: 3000 });
    await fc.assert(
      fc.asyncProperty(pixels, async (values) => {
        const path = join(folder, 'mask.png');
        await writeFile(path, (await encodeMask({ values, width: values.length, height: 1 })).png);
        const read = await readMask(path, LIMIT);
        expect(Buffer.compare(read.values, values)).toBe(0);
        expect(read.marked).toBe(values.reduce((sum, value) => sum + value, 0));
      }),
      { numRuns: 50 },
    );
  });

  it('may be empty', async () => {
    expect((await mask('mask-black.png')).marked).toBe(0);
  });
});

describe('the mask of an image', () => {
  const image = { path: 'image.png', width: expected.width, height: expected.height, orientation: 1 };
  const messagesFor = async (name: string, of: Partial<Parameters<typeof readImageMask>[1]> = {}) =>
    (await readImageMask(fixture(name), { ...image, ...of }, LIMIT)).problems.map(({ message }) =>
      message.replace(fixture(name), 'FILE'),
    );

  it('is reported if it marks most of the image, or nothing although the image is not known to be normal', async () => {
    expect(await messagesFor('mask-0-255.png')).toEqual([]);
    expect(await messagesFor('mask-inverted.png')).toEqual([
      'FILE marks 87 % of its image. Invert it if black marks its defects.',
    ]);
    expect(await messagesFor('mask-black.png')).toEqual(['FILE is empty: all of its pixels are 0.']);
    expect(await messagesFor('mask-black.png', { isNormal: true })).toEqual([]);
  });

  it('is rotated with its image if it has the size of the unrotated image', async () => {
    const rotated = { ...image, width: expected.height, height: expected.width, orientation: 6 };
    const { values, width, height } = await readImageMask(fixture('mask-0-255.png'), rotated, LIMIT);
    expect([width, height]).toEqual([expected.height, expected.width]);
    // Orientation 6: the left column becomes the top row, the top row becomes the right column.
    const at = (x: number, y: number) => values[y * width + x];
    for (let y = 0; y < expected.height; y++)
      for (let x = 0; x < expected.width; x++)
        expect(at(expected.height - 1 - y, x)).toBe(defect[y * expected.width + x]);
    expect(await messagesFor('mask-0-255.png', rotated)).toEqual([
      'FILE: It has the size of the unrotated image and is rotated with it (EXIF orientation 6).',
    ]);
  });

  it('is reported if it may match the image before or after EXIF orientation', async () => {
    expect(await messagesFor('mask-0-255.png', { orientation: 3 })).toEqual([
      expect.stringMatching(/FILE: It is assumed to match its image after EXIF orientation 3 is applied\./),
    ]);
  });

  it('is rejected if it has another size', async () => {
    await expect(messagesFor('mask-0-255.png', { width: 9 })).rejects.toMatchObject({
      code: 'INVALID_MASK',
      message: expect.stringMatching(/has 24 x 16 pixels, but its image image.png has 9 x 16/),
    });
  });
});

describe('orienting a mask', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'by EXIF orientation %i matches what decoding does to an image',
    async (orientation) => {
      const { default: sharp } = await import('sharp');
      const raw = { raw: { width: expected.width, height: expected.height, channels: 1 as const } };
      const gray = Uint8Array.from(defect, (value, at) => (value === 1 ? 1 : at === 5 ? 1 : 0));
      const file = await sharp(gray, raw).toColourspace('b-w').withMetadata({ orientation }).png().toBuffer();
      const { data, info } = await sharp(file)
        .autoOrient()
        .toColourspace('b-w')
        .raw()
        .toBuffer({ resolveWithObject: true });
      const oriented = orientMask(
        { values: gray, width: expected.width, height: expected.height },
        orientation,
      );
      expect([oriented.width, oriented.height]).toEqual([info.width, info.height]);
      expect(Buffer.compare(oriented.values, data)).toBe(0);
    },
  );
});
