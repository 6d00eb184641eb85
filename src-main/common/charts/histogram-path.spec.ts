import { describe, expect, it } from 'vitest';
import { histogramPath, maxCount } from './histogram-path.ts';

describe('the outline of a histogram', () => {
  const unit = { low: 0, high: 1 };

  it('is flat for empty bins', () => {
    expect(histogramPath([0, 0], 0, unit, unit, 10, 5)).toBe('M0 5L0 5L5 5L5 5L10 5L10 5Z');
  });

  it('fills the box with the highest bin and shows a single score', () => {
    expect(histogramPath([1e9, 1], 1e9, unit, unit, 10, 5)).toBe('M0 5L0 0L5 0L5 4L10 4L10 5Z');
  });

  it('places bins in the visible range, clipped at its ends', () => {
    expect(histogramPath([1, 1], 1, { low: 1, high: 3 }, { low: 0, high: 2 }, 10, 5)).toBe(
      'M5 5L5 0L10 0L10 0L10 0L10 5Z',
    );
  });

  it('finds the highest count of several histograms', () => {
    expect(maxCount([1, 2], [5, 0])).toBe(5);
    expect(maxCount([], [])).toBe(0);
  });
});
