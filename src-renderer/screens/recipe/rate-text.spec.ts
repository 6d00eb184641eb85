import { describe, expect, it } from 'vitest';
import { rateText } from './rate-text.ts';

describe('rateText', () => {
  it('contains the rate and its interval', () => {
    expect(rateText({ count: 1, of: 20, low: 0.00127, high: 0.2487 })).toBe('5 % [0.1, 25]');
    expect(rateText({ count: 0, of: 16, low: 0, high: 0.2059 })).toBe('0 % [0, 21]');
  });

  it('contains no rate if there are no images', () => {
    expect(rateText({ count: 0, of: 0, low: 0, high: 1 })).toBe('–');
  });
});
