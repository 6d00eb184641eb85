import { describe, expect, it } from 'vitest';
import { classBitDepths } from './class-bit-depths.ts';

describe('the bit depth of the images of a class', () => {
  it('is the smallest one that holds the values of all images', () => {
    const images = [{ bits: 12, mean: 1500 }, { bits: 10, mean: 700 }, { bits: 12, mean: 1200 }, null];
    expect(classBitDepths(images)).toEqual([12, 12, 12, undefined]);
    expect(classBitDepths([null, null])).toEqual([undefined, undefined]);
    expect(classBitDepths([])).toEqual([]);
  });

  it('is the bit depth of the container if one scene is stored in several bit depths', () => {
    const images = [10, 12, 16].map((bits) => ({ bits, mean: 0.4 * (2 ** bits - 1) }));
    expect(classBitDepths(images)).toEqual([10, 12, 16]);
  });

  it('leaves a dark image dark', () => {
    expect(
      classBitDepths([
        { bits: 14, mean: 6000 },
        { bits: 14, mean: 5000 },
        { bits: 12, mean: 2500 },
      ]),
    ).toEqual([14, 14, 14]);
    expect(
      classBitDepths([
        { bits: 10, mean: 0 },
        { bits: 12, mean: 1000 },
      ]),
    ).toEqual([12, 12]);
  });
});
