/**
 * Cohen's kappa of two raters: how far they agree beyond what their habits alone would bring about, 1 for always and 0 for
 * not at all.
 *
 *     kappa = (observed - expected) / (1 - expected),  expected = sum over categories of p_first x p_second
 *
 * @param counts square; `counts[i][j]`: subjects that the first rater put into category i and the second into j
 * @returns null where it is not defined: without subjects, and where both put all into one category
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
  // Multiplied by subjects^2, so that all but the division is exact.
  const room = subjects * subjects - expected;
  return room === 0 ? null : (subjects * agreed - expected) / room;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
