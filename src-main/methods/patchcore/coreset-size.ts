/** The size of a memory bank. */
export interface CoresetSize {
  /** Number of positions in the normal images among which the bank is chosen. */
  candidates: number;
  /** Number of positions in the bank. */
  chosen: number;
}

/** Bounds on the time and memory for building a memory bank. */
export interface CoresetLimits {
  /**
   * Maximum number of candidates over all images. If there are more, the same number is sampled from each
   * image.
   */
  candidates: number;
  chosen: number;
}

/** With 512 channels the candidates take 128 MiB and the bank 16 MiB; choosing takes half a minute. */
export const CORESET_LIMITS: CoresetLimits = { candidates: 65536, chosen: 8192 };

/**
 * @param ratio the fraction of all positions of the normal images that the bank contains, in (0, 1]
 * @param positions number of positions in all normal images
 */
export function coresetSize(ratio: number, positions: number, limits: CoresetLimits): CoresetSize {
  const candidates = Math.min(positions, limits.candidates);
  const wanted = Math.max(1, Math.round(ratio * positions));
  return { candidates, chosen: Math.min(limits.chosen, candidates, wanted) };
}
