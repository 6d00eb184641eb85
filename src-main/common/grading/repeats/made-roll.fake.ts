import type { RepeatingCandidate } from './types.ts';

/** A source of numbers from 0 to 1 (mulberry32). */
export function randomSource(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A repeating defect of a made roll, in millimeters. */
export interface MadeRepeat {
  pitch: number;
  across: number;
  /** Occurrences, with the missing ones. */
  count: number;
  start: number;
  /** Largest deviation along and across. */
  jitter: number;
  /** Probability that an occurrence is missing. */
  missing: number;
  size: number;
}

/** The occurrences of a repeating defect. Their ids begin with `name`. */
export function madeRepeat(repeat: MadeRepeat, name: string, random: () => number): RepeatingCandidate[] {
  const { pitch, across, count, start, jitter, missing, size } = repeat;
  const spread = (width: number) => (2 * random() - 1) * width;
  return Array.from({ length: count }, (_, index) => ({
    id: `${name}${index}`,
    along: start + index * pitch + spread(jitter),
    across: across + spread(jitter),
    length: size * (1 + spread(0.2)),
    width: size * (1 + spread(0.2)),
    area: size * size * (0.8 + spread(0.2)),
    kind: '',
  })).filter((_, index) => index === 0 || index === count - 1 || random() >= missing);
}

/** Defects at random places of a roll, of 1 to 40 mm. */
export function randomDefects(
  count: number,
  length: number,
  width: number,
  random: () => number,
): RepeatingCandidate[] {
  return Array.from({ length: count }, (_, index) => {
    const size = 40 ** random();
    return {
      id: `random${index}`,
      along: random() * length,
      across: random() * width,
      length: size * (0.5 + random()),
      width: size * (0.5 + random()),
      area: size * size,
      kind: '',
    };
  });
}
