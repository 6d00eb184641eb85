/** A seeded stream of numbers. */
export type RandomStream = () => number;

/**
 * Uniform numbers in [0, 1), multiples of 2^-32: mulberry32 (Tommy Ettinger), one word of state. Its integer arithmetic is
 * exact, so a seed gives the same numbers on every machine. It never changes: results name their seeds.
 *
 * @param seed a whole number from 0 to 2^32 - 1
 */
export function uniformStream(seed: number): RandomStream {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal numbers, by Box and Muller: cosine and sine of every two uniform ones, in this order. */
export function normalStream(seed: number): RandomStream {
  const uniform = uniformStream(seed);
  let kept: number | undefined;
  return () => {
    if (kept !== undefined) {
      const second = kept;
      kept = undefined;
      return second;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    kept = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
