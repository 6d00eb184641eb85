/** The rank of a score among those of its class, 1 for the highest; equal scores share a rank. */
export function scoreRank(score: number, scores: readonly (number | null)[]): { rank: number; of: number } {
  const known = scores.filter((other) => other !== null);
  return { rank: known.filter((other) => other > score).length + 1, of: known.length };
}
