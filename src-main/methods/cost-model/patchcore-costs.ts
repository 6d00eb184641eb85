import type { Estimate } from './patch-costs.ts';
import type { Shape } from '../types.ts';

/** How large a bank is: the positions that it is chosen from, and those that it keeps. */
export interface BankSize {
  candidates: number;
  kept: number;
}

/** What bounds the time and memory that a bank takes. */
export interface BankLimits {
  /** Positions of all images together that it is chosen from; beyond, the same number is drawn from each image. */
  candidates: number;
  size: number;
}

/** With 512 channels the candidates take 128 MiB and the bank 16 MiB; choosing takes half a minute. */
export const BANK_LIMITS: BankLimits = { candidates: 65536, size: 8192 };

/** @param part of all positions of the normal images that the bank keeps */
export function bankSize(part: number, positions: number, limits: BankLimits): BankSize {
  const candidates = Math.min(positions, limits.candidates);
  return { candidates, kept: Math.min(limits.size, candidates, Math.max(1, Math.round(part * positions))) };
}

/** Work of a multiplication in the products of matrices that distances are found by, and of a distance in choosing a coreset. */
const MULTIPLYING = 0.6;
const CHOOSING = 900;

/** Comparing the positions of an image with the bank. */
export function comparingEstimate({ channels, height, width }: Shape, { kept }: BankSize): Estimate {
  const positions = height * width;
  return {
    bytes: 4 * channels * (positions + kept) + 2 ** 25,
    operations: positions * kept * channels * MULTIPLYING,
  };
}

/** Choosing the bank among its candidates; extracting them comes before. */
export function choosingEstimate(channels: number, { candidates, kept }: BankSize): Estimate {
  return { bytes: 8 * channels * candidates, operations: candidates * kept * CHOOSING };
}
