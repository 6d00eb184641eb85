/**
 * Seeded noise. The textures use no other randomness, so that a seed always gives the same picture. Positions
 * are in lattice cells, values in -1..1 unless stated otherwise.
 */

/** A stream of uniform numbers in 0..1 (mulberry32). */
export type Random = () => number;

export function random(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A uniform number between low and high. */
export function between(next: Random, low: number, high: number): number {
  return low + (high - low) * next();
}

/** A number in 0..1 for the lattice point (x, y). */
export function hash(x: number, y: number, seed: number): number {
  let mixed = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}

/** 0 below `low`, 1 above `high`, a smooth S between; falls instead if low > high. */
export function smoothstep(low: number, high: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

function ease(t: number): number {
  return t * t * t * (t * (6 * t - 15) + 10);
}

/** Random values at the lattice points, smoothly interpolated. */
export function valueNoise(x: number, y: number, seed: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const u = ease(x - column);
  const top = mix(hash(column, row, seed), hash(column + 1, row, seed), u);
  const bottom = mix(hash(column, row + 1, seed), hash(column + 1, row + 1, seed), u);
  return 2 * mix(top, bottom, ease(y - row)) - 1;
}

const GRADIENTS = Array.from({ length: 64 }, (_, k) => [
  Math.cos((k * Math.PI) / 32),
  Math.sin((k * Math.PI) / 32),
]);

function slope(column: number, row: number, seed: number, x: number, y: number): number {
  const gradient = GRADIENTS[Math.floor(hash(column, row, seed) * 64)];
  return gradient[0] * (x - column) + gradient[1] * (y - row);
}

/**
 * Smoothly interpolated random gradients at the lattice points (Perlin noise), whose values at lattice points
 * are inconspicuous.
 */
export function gradientNoise(x: number, y: number, seed: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const u = ease(x - column);
  const top = mix(slope(column, row, seed, x, y), slope(column + 1, row, seed, x, y), u);
  const bottom = mix(slope(column, row + 1, seed, x, y), slope(column + 1, row + 1, seed, x, y), u);
  return 1.4 * mix(top, bottom, ease(y - row));
}

/** Fractal noise: `octaves` gradient noises, each of twice the frequency and half the amplitude. */
export function fractalNoise(x: number, y: number, seed: number, octaves: number): number {
  let sum = 0;
  let amplitude = 1;
  let total = 0;
  for (let octave = 0; octave < octaves; octave++) {
    sum += amplitude * gradientNoise(x * 2 ** octave, y * 2 ** octave, seed + 101 * octave);
    total += amplitude;
    amplitude /= 2;
  }
  return (1.5 * sum) / total;
}

/** Distances to the nearest and second nearest feature points, and a number in 0..1 that identifies the nearest. */
export interface Cell {
  nearest: number;
  second: number;
  name: number;
}

/** Worley's cellular noise: one feature point per lattice cell, up to `jitter` (0..1) from its center. */
export function cellularNoise(x: number, y: number, seed: number, jitter = 1): Cell {
  const column = Math.floor(x);
  const row = Math.floor(y);
  let nearest = Infinity;
  let second = Infinity;
  let name = 0;
  for (let r = row - 1; r <= row + 1; r++) {
    for (let c = column - 1; c <= column + 1; c++) {
      const dx = c + 0.5 + jitter * (hash(c, r, seed) - 0.5) - x;
      const dy = r + 0.5 + jitter * (hash(c, r, seed + 7919) - 0.5) - y;
      const squared = dx * dx + dy * dy;
      if (squared < nearest) {
        second = nearest;
        nearest = squared;
        name = hash(c, r, seed + 104729);
      } else if (squared < second) {
        second = squared;
      }
    }
  }
  return { nearest: Math.sqrt(nearest), second: Math.sqrt(second), name };
}
