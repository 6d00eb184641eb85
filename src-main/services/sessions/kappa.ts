/**
 * Cohen's kappa of two raters: their agreement beyond chance; 1 is perfect agreement, 0 is the agreement expected by chance.
 *
 *     kappa = (observed - expected) / (1 - expected),  expected = sum over categories of p_first x p_second
 *
 * @param counts square; `counts[i][j]`: subjects that the first rater put into category i and the second into j
 * @returns null if it is undefined: without subjects, or if both raters use one category only
 */
export function cohensKappa(counts: readonly (readonly number[])[]): number | null {
  let [subjects, agreed, expected] = [0, 0, 0];
  counts.forEach((row, category) => {
    const first = sum(row);
    const second = sum(counts.map((other) => other[category]));
    subjects += first;
    agreed += row[category];
    expected += first * second;
  });
  // Multiplied by subjects^2, so that everything except the division is exact.
  const room = subjects * subjects - expected;
  return room === 0 ? null : (subjects * agreed - expected) / room;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
