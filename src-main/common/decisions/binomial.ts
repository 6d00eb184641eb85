/**
 * Natural logarithm of n!. Exact sums up to 32, then Stirling's series, whose error there is below 1e-13.
 */
export function logFactorial(n: number): number {
  if (n < TABLE.length) return TABLE[n];
  const inverse = 1 / n;
  return (
    n * Math.log(n) -
    n +
    Math.log(2 * Math.PI * n) / 2 +
    inverse * (1 / 12 - inverse ** 2 * (1 / 360 - inverse ** 2 / 1260))
  );
}

const TABLE = [0];
for (let n = 1; n <= 32; n++) TABLE.push(TABLE[n - 1] + Math.log(n));

/** Natural logarithm of the binomial coefficient; -Infinity outside 0 <= k <= n. */
export function logChoose(n: number, k: number): number {
  return k < 0 || k > n ? -Infinity : logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/**
 * P(X >= count) of a binomial variable with `of` trials of probability `p`. Sums the terms away from the
 * mean, where they shrink, until they become negligible.
 */
export function binomialUpperTail(count: number, of: number, p: number): number {
  if (count <= 0) return 1;
  if (count > of || p <= 0) return 0;
  if (p >= 1) return 1;
  return count > of * p ? sumUp(count, of, p) : 1 - sumUp(of - count + 1, of, 1 - p);
}

/** P(X >= count) for a count above the mean. */
function sumUp(count: number, of: number, p: number): number {
  let term = Math.exp(logChoose(of, count) + count * Math.log(p) + (of - count) * Math.log1p(-p));
  let sum = 0;
  for (let k = count; k <= of && term > sum * 1e-17; k++) {
    sum += term;
    term *= ((of - k) / (k + 1)) * (p / (1 - p));
  }
  return sum;
}
