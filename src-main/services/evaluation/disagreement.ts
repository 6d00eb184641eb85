/** Score of each image by one method. */
export type ImageScores = ReadonlyMap<number, number>;

/**
 * Rank disagreement of methods on each image that all of them have scored. Every method ranks a class's
 * images by score, from 0 to 1. The disagreement is the difference of the largest and the smallest rank, so
 * it does not depend on the scales of scores.
 *
 * @returns images with their disagreement, 0 to 1, in the order of the first method's scores
 */
export function disagreement(methods: readonly ImageScores[]): Map<number, number> {
  const [first = new Map<number, number>()] = methods;
  const common = [...first.keys()].filter((image) => methods.every((scores) => scores.has(image)));
  const ranks = methods.map((scores) =>
    rankOf(new Map(common.map((image) => [image, scores.get(image) ?? 0]))),
  );
  return new Map(
    common.map((image) => {
      const places = ranks.map((rank) => rank.get(image) ?? 0);
      return [image, Math.max(...places) - Math.min(...places)];
    }),
  );
}

/** Ranks from 0 (smallest) to 1; equal scores share the mean of their ranks. */
function rankOf(scores: ImageScores): Map<number, number> {
  const sorted = [...scores].sort(([, a], [, b]) => a - b);
  const ranks = new Map<number, number>();
  for (let start = 0; start < sorted.length;) {
    let end = start;
    while (end < sorted.length && sorted[end][1] === sorted[start][1]) end++;
    const middle = (start + end - 1) / 2;
    for (let i = start; i < end; i++) ranks.set(sorted[i][0], middle / Math.max(1, sorted.length - 1));
    start = end;
  }
  return ranks;
}
