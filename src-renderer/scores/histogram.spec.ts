import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barsPath, histogramOf, mergeHistograms, tallestBin } from './histogram.ts';

const total = (counts: Float64Array) => counts.reduce((sum, count) => sum + count, 0);

describe('a histogram', () => {
  it('counts scores into equal bins, ends included', () => {
    const { counts } = histogramOf(Float32Array.of(0, 0.1, 0.5, 0.99, 1), { low: 0, high: 1 }, 4);
    expect([...counts]).toEqual([2, 0, 1, 2]);
  });

  it('puts everything into one bin where all scores are the same', () => {
    const { counts } = histogramOf(Float32Array.of(3, 3), { low: 3, high: 3 }, 4);
    expect([...counts]).toEqual([2, 0, 0, 0]);
  });
});

describe('merging histograms', () => {
  it('is the identity for one histogram on its own bins', () => {
    const one = histogramOf(Float32Array.of(0, 1, 2, 2, 3), { low: 0, high: 4 }, 4);
    expect(mergeHistograms([one], one, 4)).toEqual(one);
  });

  it('spreads a coarse bin evenly over finer ones', () => {
    const coarse = { low: 0, high: 1, counts: Float64Array.of(8) };
    expect([...mergeHistograms([coarse], { low: 0, high: 2 }, 8).counts]).toEqual([2, 2, 2, 2, 0, 0, 0, 0]);
  });

  it('puts everything into one bin where the range is too narrow to divide', () => {
    const one = { low: 0, high: 0, counts: Float64Array.of(1, 0) };
    const narrow = { low: 0, high: Number.MIN_VALUE };
    expect([...mergeHistograms([one], narrow, 3).counts]).toEqual([1, 0, 0]);
    expect([...histogramOf(Float32Array.of(0, 0), narrow, 3).counts]).toEqual([2, 0, 0]);
  });

  it('loses no score, whatever the ranges', () => {
    const range = fc
      .tuple(fc.double({ min: -9, max: 9, noNaN: true }), fc.double({ min: 0, max: 9, noNaN: true }))
      .map(([low, span]) => ({ low, high: low + span }));
    const histogram = fc
      .tuple(range, fc.array(fc.nat(1000), { minLength: 1, maxLength: 40 }))
      .map(([scale, counts]) => ({ ...scale, counts: Float64Array.from(counts) }));
    fc.assert(
      fc.property(fc.array(histogram, { maxLength: 5 }), range, (histograms, scale) => {
        const expected = histograms.reduce((sum, { counts }) => sum + total(counts), 0);
        expect(total(mergeHistograms(histograms, scale, 17).counts)).toBeCloseTo(expected, 4);
      }),
    );
  });
});

describe('the outline of a histogram', () => {
  const unit = { low: 0, high: 1 };

  it('is flat where nothing was counted', () => {
    expect(barsPath([0, 0], 0, unit, unit, 10, 5)).toBe('M0 5L0 5L5 5L5 5L10 5L10 5Z');
  });

  it('fills the box with the tallest bin and shows a single score', () => {
    expect(barsPath([1e9, 1], 1e9, unit, unit, 10, 5)).toBe('M0 5L0 0L5 0L5 4L10 4L10 5Z');
  });

  it('lies where its scores lie on the scale, cut at its ends', () => {
    expect(barsPath([1, 1], 1, { low: 1, high: 3 }, { low: 0, high: 2 }, 10, 5)).toBe(
      'M5 5L5 0L10 0L10 0L10 0L10 5Z',
    );
  });

  it('is as high as its share of the tallest of several', () => {
    expect(tallestBin([1, 2], [5, 0])).toBe(5);
    expect(tallestBin([], [])).toBe(0);
  });
});
