import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resizeRgb } from '../extractors/resize-rgb.ts';
import { mulberry32 } from '../prng.ts';
import type { RgbImage } from '../types.ts';
import { antialiasedResize } from './antialiased-resize.ts';

const side = fc.integer({ min: 1, max: 12 });
const noise = (height: number, width: number, seed = 1): RgbImage => {
  const random = mulberry32(seed);
  return { values: Float32Array.from({ length: 3 * height * width }, random), height, width };
};

describe('an antialiased resize', () => {
  it('averages the pixels that it merges, with the weights of Pillow', () => {
    const values = Float32Array.from([0, 0, 1, 0, 0, 0, 0, 0], (value) => value);
    const image = { values: Float32Array.from([...values, ...values, ...values]), height: 1, width: 8 };
    // Triangles of half-width 2 around 1, 3, 5 and 7; at the edges, the weights inside are scaled to a sum of 1.
    const { values: resized } = antialiasedResize(image, { height: 1, width: 4 });
    const first = [0.75, 0.75, 0.25];
    const sum = first.reduce((total, weight) => total + weight);
    expect([...resized.subarray(0, 4)]).toEqual(
      [0.25 / sum, 0.75 / 2, 0, 0].map((value) => expect.closeTo(value, 6)),
    );
  });

  it('is bilinear where it enlarges', () => {
    fc.assert(
      fc.property(side, side, side, side, (height, width, more, wider) => {
        const image = noise(height, width);
        const size = { height: height + more, width: width + wider };
        const expected = resizeRgb(image, size).values;
        const { values } = antialiasedResize(image, size);
        for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i], 5);
      }),
    );
  });

  it('keeps a constant image, and the range of any image', () => {
    fc.assert(
      fc.property(side, side, side, side, (height, width, toHeight, toWidth) => {
        const size = { height: toHeight, width: toWidth };
        const image = noise(height, width);
        const { values } = antialiasedResize(image, size);
        expect(values).toHaveLength(3 * toHeight * toWidth);
        expect(Math.min(...values)).toBeGreaterThanOrEqual(Math.min(...image.values) - 1e-6);
        expect(Math.max(...values)).toBeLessThanOrEqual(Math.max(...image.values) + 1e-6);
        const flat = antialiasedResize({ ...image, values: image.values.map(() => 0.3) }, size);
        for (const value of flat.values) expect(value).toBeCloseTo(0.3, 6);
      }),
    );
  });
});
