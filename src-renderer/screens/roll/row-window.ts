/** Height of a row of the list of defects, in CSS pixels. */
export const ROW = 26;
/** Rows rendered beyond each edge. */
const OVERSCAN = 8;

/** The rows to render: the first, and one past the last. */
export function rowsBetween(count: number, top: number, height: number): { first: number; end: number } {
  const first = Math.min(Math.max(0, Math.floor(top / ROW) - OVERSCAN), count);
  return { first, end: Math.min(Math.max(first, Math.ceil((top + height) / ROW) + OVERSCAN), count) };
}

/** The nearest scroll position that shows a whole row below a header. @param height of the rows' visible part */
export function scrollToRow(row: number, top: number, height: number): number {
  if (row * ROW < top) return row * ROW;
  return (row + 1) * ROW > top + height ? (row + 1) * ROW - height : top;
}
