/**
 * What to inspect next: the first image that waits, from the one that is looked at onwards and then from the start, so
 * that what a person sees is inspected first.
 */
export function nextWaiting<Member extends { waits: boolean }>(
  images: readonly Member[],
  from: number,
): Member | undefined {
  return images.find(({ waits }, index) => waits && index >= from) ?? images.find(({ waits }) => waits);
}

/** Seconds until all is done at the pace so far; undefined until there is a pace. */
export function secondsLeft(elapsed: number, done: number, total: number): number | undefined {
  return done > 0 ? (elapsed / done) * (total - done) : undefined;
}
