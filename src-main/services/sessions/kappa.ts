import type { Kappa } from '../../common/api/sessions.ts';

/** The 97.5 % quantile of the normal distribution. */
const QUANTILE = 1.959964;

/**
 * Cohen's kappa of two raters: their agreement beyond chance; 1 is perfect agreement, 0 is the agreement expected by chance.
 *
 *     kappa = (observed - expected) / (1 - expected),  expected = sum over categories of p_first x p_second
 *
 * Its 95 % interval is kappa +- 1.96 standard errors by Fleiss, Cohen & Everitt (1969), Psychological Bulletin 72(5), eq. 13, within
 * [-1, 1]. The standard error is asymptotic, so the interval is approximate with few subjects. If the
 * standard error is zero, as with perfect agreement, there is no interval.
 *
 * @param counts square; `counts[i][j]`: subjects that the first rater put into category i and the second into j
 * @returns null if it is undefined: without subjects, or if both raters use one category only
 */
export function cohensKappa(counts: readonly (readonly number[])[]): Kappa | null {
  const rows = counts.map(sum);
  const columns = counts.map((_, category) => sum(counts.map((row) => row[category])));
  const subjects = sum(rows);
  const agreed = sum(counts.map((row, category) => row[category]));
  const expected = sum(rows.map((count, category) => count * columns[category]));
  // Multiplied by subjects^2, so that all but the division is exact.
  const room = subjects * subjects - expected;
  if (room === 0) return null;
  const value = (subjects * agreed - expected) / room;
  const deviation = QUANTILE * standardError(counts, value);
  // A standard error below the rounding errors of the sums counts as zero.
  if (deviation < 1e-7) return { value, interval: null };
  return { value, interval: { low: Math.max(-1, value - deviation), high: Math.min(1, value + deviation) } };
}

/** Fleiss, Cohen & Everitt (1969), eq. 13, with A, B and C as in SAS/STAT, PROC FREQ: variance = (A + B - C) / ((1 - expected)^2 n). */
function standardError(counts: readonly (readonly number[])[], kappa: number): number {
  const subjects = sum(counts.map(sum));
  const shares = counts.map((row) => row.map((count) => count / subjects));
  const rows = shares.map(sum);
  const columns = shares.map((_, category) => sum(shares.map((row) => row[category])));
  const expected = sum(rows.map((share, category) => share * columns[category]));
  let [a, b] = [0, 0];
  shares.forEach((row, i) =>
    row.forEach((share, j) => {
      const marginal = (columns[i] + rows[j]) * (1 - kappa);
      if (i === j) a += share * (1 - marginal) ** 2;
      else b += share * marginal ** 2;
    }),
  );
  const c = (kappa - expected * (1 - kappa)) ** 2;
  return Math.sqrt(Math.max(0, a + b - c) / subjects) / (1 - expected);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
