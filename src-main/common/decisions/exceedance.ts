import { logChoose } from './binomial.ts';

/**
 * The probability that at least `exceeding` of `later` numbers lie above the `rank`-th smallest of `reference` numbers, if all are
 * exchangeable: the exceedance distribution (Gumbel and von Schelling 1950), which control charts without an assumed distribution
 * use (Chakraborti et al. 2004). It is exact for small references. With ties, it is an upper limit.
 *
 * @param rank 1 (lowest) to `reference` (highest)
 */
export function exceedanceTail(
  exceeding: number,
  later: number,
  { rank, reference }: { rank: number; reference: number },
): number {
  let sum = 0;
  for (let j = Math.max(0, exceeding); j <= later; j++)
    sum += Math.exp(
      logChoose(j + reference - rank, j) +
        logChoose(later - j + rank - 1, later - j) -
        logChoose(reference + later, later),
    );
  return Math.min(1, sum);
}
