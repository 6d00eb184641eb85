import { z } from 'zod';

/** Bits of cameras whose values lie in 16-bit files. */
export const BIT_DEPTHS = [10, 12, 14, 16] as const;

/** A depth that values of 16-bit files are read as: white is 2 ^ depth - 1. Found ones are among `BIT_DEPTHS`. */
export const bitDepth = z.int().min(8).max(16);

/** The smallest depth that holds a value. */
export function depthOf(largest: number): (typeof BIT_DEPTHS)[number] {
  return BIT_DEPTHS.find((bits) => largest < 2 ** bits) ?? 16;
}

/** The largest of 16-bit samples. */
export function largestOf(samples: Uint16Array): number {
  let largest = 0;
  for (let i = 0; i < samples.length; i++) if (samples[i] > largest) largest = samples[i];
  return largest;
}

/** Spreads samples of fewer bits over 16, in place; what lies above white is white. */
export function spreadOver16(samples: Uint16Array, bits: number): void {
  if (bits >= 16) return;
  const white = 2 ** bits - 1;
  const table = Uint16Array.from({ length: white + 1 }, (_, value) => Math.round((value * 65535) / white));
  for (let i = 0; i < samples.length; i++) samples[i] = table[Math.min(samples[i], white)];
}
