/** The size of a memory bank. */
export interface CoresetSize {
  /** Positions of the normal images among which the bank is chosen. */
  candidates: number;
  /** Positions that the bank holds. */
  chosen: number;
}

/** Bounds on the time and memory that building a memory bank takes. */
export interface CoresetLimits {
  /** Candidates over all images; if there are more, the same number is sampled from each image. */
  candidates: number;
  chosen: number;
}

/** With 512 channels the candidates take 128 MiB and the bank 16 MiB; choosing takes half a minute. */
export const CORESET_LIMITS: CoresetLimits = { candidates: 65536, chosen: 8192 };

/**
 * @param ratio the fraction of all positions of the normal images that the bank holds, in (0, 1]
 * @param positions of all normal images together
 */
export function coresetSize(ratio: number, positions: number, limits: CoresetLimits): CoresetSize {
  const candidates = Math.min(positions, limits.candidates);
  const wanted = Math.max(1, Math.round(ratio * positions));
  return { candidates, chosen: Math.min(limits.chosen, candidates, wanted) };
}
