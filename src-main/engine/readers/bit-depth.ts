import type { UsedRange } from '../protocol/data-types.ts';
/** Bit depths of cameras that write 16-bit files. */
const BIT_DEPTHS = [10, 12, 14, 16] as const;

/** The range of values that samples use. A dataset has one bit depth per class (services/datasets/class-bit-depths.ts). */
export function usedRange(samples: Uint16Array): UsedRange {
  let [largest, sum] = [0, 0];
  for (let i = 0; i < samples.length; i++) {
    if (samples[i] > largest) largest = samples[i];
    sum += samples[i];
  }
  return { bits: bitsFor(largest), mean: sum / samples.length };
}

/** The smallest of 10, 12, 14 and 16 bits that holds a value. */
export function bitsFor(largest: number): number {
  return BIT_DEPTHS.find((bits) => largest < 2 ** bits) ?? 16;
}

/** Scales samples of `bits` bits to 16 bits, in place. Values above white become white. */
export function expandTo16Bits(samples: Uint16Array, bits: number): void {
  if (bits >= 16) return;
  const white = 2 ** bits - 1;
  const table = Uint16Array.from({ length: white + 1 }, (_, value) => Math.round((value * 65535) / white));
  for (let i = 0; i < samples.length; i++) samples[i] = table[Math.min(samples[i], white)];
}
