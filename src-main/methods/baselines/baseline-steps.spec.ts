import { describe, expect, it } from 'vitest';
import { rgbToLab } from './cielab.ts';
import { quantizeColors } from './color-quantization.ts';
import { segment } from './segmentation.ts';
import { meanOfSmallest } from './mean-of-smallest.ts';
import { shrinkImage } from './shrink-image.ts';

describe('L*a*b*', () => {
  it.each([
    [
      [1, 1, 1],
      [100, 0, 0],
    ],
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
    [
      [1, 0, 0],
      [53.24, 80.09, 67.2],
    ],
    [
      [0, 0, 1],
      [32.3, 79.19, -107.86],
    ],
  ])('of %j is about %j', ([r, g, b], expected) => {
    rgbToLab(r, g, b).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 1));
  });
});

describe('segmentation', () => {
  const options = { sigma: 0, scale: 10, minSize: 1 };

  it('separates two flat halves and numbers them in order', () => {
    const plane = Float32Array.from({ length: 36 }, (_, i) => (i % 6 < 3 ? 0 : 50));
    const values = new Float32Array([...plane, ...plane, ...plane]);
    const { labels, count } = segment({ values, height: 6, width: 6 }, options);
    expect(count).toBe(2);
    expect([...labels]).toEqual([...plane].map((value) => (value === 0 ? 0 : 1)));
  });

  it('merges regions below the minimum size', () => {
    const plane = Float32Array.from({ length: 36 }, (_, i) => (i === 14 ? 90 : 0));
    const values = new Float32Array([...plane, ...plane, ...plane]);
    expect(segment({ values, height: 6, width: 6 }, options).count).toBe(2);
    expect(segment({ values, height: 6, width: 6 }, { ...options, minSize: 2 }).count).toBe(1);
  });
});

describe('color quantization', () => {
  it('assigns rare colors to the nearest color of the palette', () => {
    const red = Float32Array.from({ length: 100 }, (_, i) => (i < 2 ? 0.8 : i < 50 ? 1 : 0));
    const values = new Float32Array(300);
    values.set(red);
    const { index, palette } = quantizeColors({ values, height: 10, width: 10 });
    expect(palette).toHaveLength(2);
    expect([...index]).toEqual([...red].map((value) => (value === 0 ? 0 : 1)));
  });
});

describe('the mean of the smallest values', () => {
  it.each([1, 7, 50, 200])('equals the mean of the sorted values (%i of 200)', (count) => {
    const values = Float32Array.from({ length: 200 }, (_, i) => (i * 7919) % 61);
    const sorted = values.slice().sort().subarray(0, count);
    expect(meanOfSmallest(values, count)).toBeCloseTo(sorted.reduce((a, b) => a + b) / count, 9);
  });
});

describe('shrinking an image', () => {
  it('averages cells, which are smaller at the border', () => {
    const values = new Float32Array([1, 2, 3, 4, 5, 6, 7, 8, 9, ...new Array<number>(18).fill(1)]);
    const { image, factor } = shrinkImage({ values, height: 3, width: 3 }, 4);
    expect(factor).toBe(2);
    expect([...image.values]).toEqual([3, 4.5, 7.5, 9, 1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it('returns an image unchanged if it is small enough', () => {
    const image = { values: new Float32Array(12), height: 2, width: 2 };
    expect(shrinkImage(image, 4)).toEqual({ image, factor: 1 });
  });
});
