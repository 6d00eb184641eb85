import { describe, expect, it } from 'vitest';
import { uniformStream } from '../prng.ts';
import { drawPositions } from './random.ts';

describe('windows drawn at random', () => {
  it('are the same for a seed, and others for another', () => {
    const drawn = (seed: number) => Array.from(drawPositions(1000, 20, uniformStream(seed)));
    expect(drawn(7)).toEqual(drawn(7));
    expect(drawn(7)).not.toEqual(drawn(8));
  });

  it('are all different, and all there are where more are asked for', () => {
    const drawn = drawPositions(50, 80, uniformStream(1));
    expect(Array.from(drawn).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it('take every position equally often', () => {
    const counts = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 5000; seed++) {
      for (const position of drawPositions(10, 3, uniformStream(seed))) counts[position]++;
    }
    for (const count of counts) expect(Math.abs(count - 1500)).toBeLessThan(150);
  });
});
