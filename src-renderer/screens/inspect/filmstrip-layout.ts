/** How a filmstrip is laid out: cells of one width, in groups with a wider gap between. Lengths in CSS pixels. */
export interface StripMetrics {
  cell: number;
  gap: number;
  groupGap: number;
}

/** Where each group of cells lies along the strip. */
export interface StripGroup {
  /** Index of the first cell. */
  first: number;
  count: number;
  left: number;
  width: number;
}

/** Lays groups of cells out one after the other. */
export function stripGroups(counts: readonly number[], metrics: StripMetrics): StripGroup[] {
  const groups: StripGroup[] = [];
  let first = 0;
  let left = 0;
  for (const count of counts) {
    const width = count * metrics.cell + (count - 1) * metrics.gap;
    groups.push({ first, count, left, width });
    first += count;
    left += width + metrics.groupGap;
  }
  return groups;
}

/** Where a cell lies along the strip. */
export function cellLeft(index: number, groups: readonly StripGroup[], metrics: StripMetrics): number {
  const group = groups.findLast(({ first }) => first <= index);
  return group ? group.left + (index - group.first) * (metrics.cell + metrics.gap) : 0;
}

/** The cells of a group that meet the part of the strip from `left` to `right`: first and one past the last index. */
export function cellsBetween(
  group: StripGroup,
  left: number,
  right: number,
  metrics: StripMetrics,
): { from: number; to: number } {
  const pitch = metrics.cell + metrics.gap;
  const within = (cells: number) => group.first + Math.min(Math.max(cells, 0), group.count);
  const from = within(Math.floor((left - group.left) / pitch));
  return { from, to: Math.max(from, within(Math.ceil((right - group.left) / pitch))) };
}
