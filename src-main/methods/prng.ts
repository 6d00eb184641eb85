/** A seeded pseudorandom number generator: each call returns the next number. */
export type Prng = () => number;

/**
 * Uniform numbers in [0, 1), multiples of 2^-32 (mulberry32 by Tommy Ettinger, 32 bits of state). The arithmetic is exact in
 * integers, so a seed gives the same numbers on every machine. Stored results depend on seeds, so the
 * sequence must never change.
 *
 * @param seed a whole number from 0 to 2^32 - 1
 */
export function mulberry32(seed: number): Prng {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal numbers by the Box-Muller transform: cosine, then sine, of each pair of uniform numbers. */
export function gaussianPrng(seed: number): Prng {
  const uniform = mulberry32(seed);
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const second = spare;
      spare = undefined;
      return second;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/**
 * Samples `count` of the indices below `total` without replacement, or all of them in random order if there are fewer. This is
 * the beginning of a Fisher-Yates shuffle that stores only the swapped entries: O(count) time and memory.
 */
export function sampleIndices(total: number, count: number, uniform: Prng): Uint32Array {
  const swapped = new Map<number, number>();
  return Uint32Array.from({ length: Math.min(count, total) }, (_, index) => {
    const other = index + Math.floor(uniform() * (total - index));
    const sampled = swapped.get(other) ?? other;
    swapped.set(other, swapped.get(index) ?? index);
    return sampled;
  });
}
