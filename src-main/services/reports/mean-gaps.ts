/**
 * Which classes the mean of a metric leaves out, because it is not defined for them; a sentence for each set of classes.
 *
 * @param gaps the metrics by their heads, each with the classes that lack it
 * @param classes how many there are
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
