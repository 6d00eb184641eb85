import { describe, expect, it } from 'vitest';
import { counted, formatDuration, formatScore, scoreDigits } from './numbers.ts';

describe('formatting scores', () => {
  it('shows three significant digits of the range', () => {
    expect([0.05, 0.9, 5, 40, 900].map(scoreDigits)).toEqual([4, 3, 2, 1, 0]);
  });

  it('has a default for an empty or infinite range', () => {
    expect([0, NaN, Infinity].map(scoreDigits)).toEqual([3, 3, 3]);
    expect(scoreDigits(1e-30)).toBe(8);
  });

  it('shows a dash for a score that is not finite', () => {
    expect(formatScore(0.03119, 4)).toBe('0.0312');
    expect(formatScore(NaN, 4)).toBe('–');
  });
});

it('distinguishes singular and plural', () => {
  expect([0, 1, 2].map((count) => counted(count, 'image'))).toEqual(['0 images', '1 image', '2 images']);
  expect(counted(2, 'class', 'classes')).toBe('2 classes');
});

it('formats durations', () => {
  expect([0.2, 8.4, 59.4, 90, 3600, 7500].map(formatDuration)).toEqual([
    '1 s',
    '8 s',
    '59 s',
    '2 min',
    '1 h 0 min',
    '2 h 5 min',
  ]);
});
