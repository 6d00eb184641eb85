/**
 * Sentences that list the classes that a metric's mean omits because the metric is undefined for them, one
 * for each set of classes.
 *
 * @param gaps the metrics by their column heads, each with the classes that lack it
 * @param classes number of classes
 */
export function meanGaps(
  gaps: readonly { head: string; without: readonly string[] }[],
  classes: number,
): string[] {
  const partial = gaps.filter(({ without }) => without.length > 0 && without.length < classes);
  return [...Map.groupBy(partial, ({ without }) => without.join(', '))].map(([without, of]) => {
    const heads = of.map(({ head }) => head).join(', ');
    return `The mean of ${heads} is over ${classes - of[0].without.length} of ${classes} classes, without ${without}.`;
  });
}
