import { describe, expect, it } from 'vitest';
import { mulberry32, sampleIndices } from './prng.ts';

describe('sampled indices', () => {
  it('depend only on the seed', () => {
    const sample = (seed: number) => Array.from(sampleIndices(1000, 20, mulberry32(seed)));
    expect(sample(7)).toEqual(sample(7));
    expect(sample(7)).not.toEqual(sample(8));
  });

  it('are distinct, and are all indices if more are requested', () => {
    const sample = sampleIndices(50, 80, mulberry32(1));
    expect(Array.from(sample).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it('contain each index equally often', () => {
    const counts = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 5000; seed++) {
      for (const index of sampleIndices(10, 3, mulberry32(seed))) counts[index]++;
    }
    for (const count of counts) expect(Math.abs(count - 1500)).toBeLessThan(150);
  });
});
