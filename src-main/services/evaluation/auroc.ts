/**
 * Area under the receiver operating characteristic curve, exact over every distinct score: the chance that an anomalous
 * pixel scores above a normal one, ties counting half (method.md, section 4).
 *
 * @returns 0 to 1; NaN where one of the two is empty
 *
 * Cost O(n log n) time, O(n) memory.
 */
export function auroc(anomalous: Float32Array, normal: Float32Array): number {
  const positives = anomalous.slice().sort();
  const negatives = normal.slice().sort();
  let pairs = 0;
  let below = 0;
  let upTo = 0;
  for (const score of positives) {
    while (below < negatives.length && negatives[below] < score) below++;
    while (upTo < negatives.length && negatives[upTo] <= score) upTo++;
    pairs += (below + upTo) / 2;
  }
  return pairs / (positives.length * negatives.length);
}
