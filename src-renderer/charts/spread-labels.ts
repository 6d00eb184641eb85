/**
 * Positions of labels that are at least `spacing` apart, in the order of their `positions`, between `low` and `high`. Labels that
 * would overlap move as little as possible (least squares, by pooling neighbors).
 */
export function spreadLabels(
  positions: readonly number[],
  spacing: number,
  { low, high }: { low: number; high: number },
): number[] {
  const order = [...positions.keys()].sort((a, b) => positions[a] - positions[b]);
  const groups: { sum: number; count: number }[] = [];
  const meanOf = ({ sum, count }: { sum: number; count: number }) => sum / count;
  order.forEach((at, rank) => {
    let group = { sum: positions[at] - rank * spacing, count: 1 };
    for (let last = groups.at(-1); last && meanOf(last) > meanOf(group); last = groups.at(-1)) {
      group = { sum: group.sum + last.sum, count: group.count + last.count };
      groups.pop();
    }
    groups.push(group);
  });
  const highest = Math.max(high - (positions.length - 1) * spacing, low);
  const placed = new Array<number>(positions.length);
  const starts = groups.flatMap((group) => new Array<number>(group.count).fill(meanOf(group)));
  order.forEach((at, rank) => {
    placed[at] = Math.min(Math.max(starts[rank], low), highest) + rank * spacing;
  });
  return placed;
}
