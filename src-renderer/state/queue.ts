/**
 * What to inspect next: images that wait, from the one that is looked at onwards and then from the start, so that what a
 * person sees is inspected first.
 */
export function nextBatch<Member extends { waits: boolean }>(
  images: readonly Member[],
  from: number,
  size: number,
): Member[] {
  const start = Math.max(from, 0);
  return [...images.slice(start), ...images.slice(0, start)].filter(({ waits }) => waits).slice(0, size);
}

/** Seconds until all is done at the pace so far; undefined until there is a pace. */
export function secondsLeft(elapsed: number, done: number, total: number): number | undefined {
  return done > 0 ? (elapsed / done) * (total - done) : undefined;
}
