import { type RandomStream, uniformStream } from '../prng.ts';
import type { Reference } from './reference.ts';

/** Windows drawn at random (paper, 3.3 and Table 2): the score is the sum of the costs. */
export const random: Reference = {
  name: 'random',
  title: 'Random: patches drawn by a seed',
  arguments: [
    { name: 'count', standard: 10, minimum: 1, maximum: 1_000_000 },
    { name: 'seed', standard: 0, minimum: 0, maximum: 2 ** 32 - 1 },
  ],
  size: ([count]) => ({ kind: 'positions', count }),
  select({ height, width }, _, [count, seed]) {
    return Promise.resolve({
      kind: 'positions',
      positions: drawPositions(height * width, count, uniformStream(seed)),
    });
  },
};

/**
 * Draws `count` different numbers below `total`, or all where there are fewer: the beginning of a Fisher-Yates shuffle, of
 * which only the places that were swapped are kept.
 */
export function drawPositions(total: number, count: number, uniform: RandomStream): Uint32Array {
  const moved = new Map<number, number>();
  return Uint32Array.from({ length: Math.min(count, total) }, (_, at) => {
    const place = at + Math.floor(uniform() * (total - at));
    const drawn = moved.get(place) ?? place;
    moved.set(place, moved.get(at) ?? at);
    return drawn;
  });
}
