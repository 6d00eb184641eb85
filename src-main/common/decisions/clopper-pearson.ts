import type { Rate } from '../api/recipes.ts';
import { binomialUpperTail } from './binomial.ts';

/** Number of bisections of 0..1 after which float64 has no number in between, except for tiny limits. */
const HALVINGS = 60;

/**
 * The exact interval of Clopper and Pearson (1934) for a binomial proportion: `low` is the p with P(X >= count) = a / 2, `high` the
 * p with P(X <= count) = a / 2. It contains the true rate with a probability of at least 1 - a. Without
 * observations it is 0 to 1.
 *
 * @param confidence 1 - a
 */
export function clopperPearson(count: number, of: number, confidence = 0.95): { low: number; high: number } {
  const tail = (1 - confidence) / 2;
  return {
    low: count === 0 ? 0 : bisect((p) => binomialUpperTail(count, of, p) < tail),
    high: count === of ? 1 : bisect((p) => 1 - binomialUpperTail(count + 1, of, p) > tail),
  };
}

/** An observed rate with its 95 % interval. */
export function observedRate(count: number, of: number): Rate {
  return { count, of, ...clopperPearson(count, of) };
}

/** The upper end of the probabilities in 0..1 that are below the solution. */
function bisect(isBelow: (p: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
