import { nextFloat32 } from './float32.ts';

/** A limit on the scores of good images, with its guarantee. */
export interface ConformalLimit {
  /** Images with a score at or above it are rejected. */
  reject: number;
  /** Rank k of the highest good score that is not rejected, from 1 (lowest) to n (highest). */
  rank: number;
  /** Upper limit of the mean false reject rate on new good images, as a fraction of 1. */
  guaranteedFalseRejects: number;
}

/** Rounding errors of (n + 1) a that must not change its floor. */
const ROUNDING = 1e-9;

/**
 * The limit of split conformal prediction (Vovk et al. 2005; Lei et al. 2018): the ceil((n + 1)(1 - a))-th smallest score of n good
 * images. If new good images are exchangeable with them, a new one is rejected with a probability of at most a. Rate 0 takes the
 * highest score, with the guarantee 1 / (n + 1).
 *
 * @param good scores of good images
 * @param rate a: the requested upper limit of the false reject rate, 0 to 1
 * @returns null if there are too few images to guarantee the rate; `imagesForRate` returns the required
 * number
 */
export function conformalLimit(good: readonly number[], rate: number): ConformalLimit | null {
  const n = good.length;
  const rank = rate === 0 ? n : Math.max(1, conformalRank(n, rate));
  if (n === 0 || rank > n) return null;
  const sorted = Float64Array.from(good).sort();
  return { reject: nextFloat32(sorted[rank - 1]), rank, guaranteedFalseRejects: (n + 1 - rank) / (n + 1) };
}

/** The lowest false reject rate that n good images can guarantee: 1 / (n + 1). */
export function lowestGuarantee(images: number): number {
  return 1 / (images + 1);
}

/** The number of good images needed to guarantee a false reject rate; infinity for 0. */
export function imagesForRate(rate: number): number {
  return Math.max(1, Math.ceil(1 / rate - 1 - ROUNDING));
}

/** ceil((n + 1)(1 - a)) = n + 1 - floor((n + 1) a). */
function conformalRank(n: number, rate: number): number {
  return n + 1 - Math.floor((n + 1) * rate + ROUNDING);
}
