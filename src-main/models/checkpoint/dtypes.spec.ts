import { describe, expect, it } from 'vitest';
import { fromFloat16, toFloat16 } from './dtypes.ts';

describe('float16', () => {
  it('survives a round trip for all bit patterns', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = fromFloat16(bits);
      if (!Number.isNaN(value)) expect(toFloat16(value === 0 ? 0 : value)).toBe(value === 0 ? 0 : bits);
    }
  });

  it('is rounded to nearest, ties to even', () => {
    for (let bits = 0; bits < 0x7bff; bits++) {
      const [low, high] = [fromFloat16(bits), fromFloat16(bits + 1)];
      const middle = (low + high) / 2;
      expect(toFloat16(middle)).toBe(bits % 2 === 0 ? bits : bits + 1);
      expect(toFloat16(middle - (high - low) / 64)).toBe(bits);
      expect(toFloat16(-middle - (high - low) / 64)).toBe(0x8000 | (bits + 1));
    }
  });

  it.each([
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65519, 0x7bff],
    [65520, 0x7c00],
    [-1e9, 0xfc00],
    [2 ** -24, 1],
    [2 ** -26, 0],
  ])('of %d has the bits %d', (value, bits) => {
    expect(toFloat16(value)).toBe(bits);
  });
});
