/** Dimensions of a filmstrip in CSS pixels: cells of one width in groups with a wider gap between them. */
export interface StripMetrics {
  cell: number;
  gap: number;
  groupGap: number;
}

/** Position of a group of cells. */
export interface StripGroup {
  /** Index of the first cell. */
  first: number;
  count: number;
  left: number;
  width: number;
}

/** Places groups of cells one after the other. */
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

/** Left edge of a cell. */
export function cellLeft(index: number, groups: readonly StripGroup[], metrics: StripMetrics): number {
  const group = groups.findLast(({ first }) => first <= index);
  return group ? group.left + (index - group.first) * (metrics.cell + metrics.gap) : 0;
}

/** The cells of a group that overlap the range from `left` to `right`: first index and one past the last. */
export function cellsBetween(
  group: StripGroup,
  left: number,
  right: number,
  metrics: StripMetrics,
): { from: number; to: number } {
  const pitch = metrics.cell + metrics.gap;
  const clampIndex = (cells: number) => group.first + Math.min(Math.max(cells, 0), group.count);
  const from = clampIndex(Math.floor((left - group.left) / pitch));
  return { from, to: Math.max(from, clampIndex(Math.ceil((right - group.left) / pitch))) };
}
