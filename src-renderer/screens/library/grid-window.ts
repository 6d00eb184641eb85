/** Space between thumbnails, and below the picture for its words, in CSS pixels. */
export const GAP = 8;
export const CAPTION = 38;
/** Rows that are kept beyond either edge, so that scrolling finds them drawn. */
const SPARE = 3;

/** How many thumbnails lie beside each other in a width. */
export function columnsIn(width: number, side: number): number {
  return Math.max(1, Math.floor((width - GAP) / (side + GAP)));
}

/** Side of thumbnails that fill a width with so many columns. */
export function filledSide(width: number, columns: number): number {
  return Math.max(1, Math.floor((width - GAP) / columns) - GAP);
}

export function rowHeight(side: number): number {
  return side + CAPTION + GAP;
}

export interface GridWindow {
  /** Places of the first image that is drawn and of the one after the last. */
  first: number;
  end: number;
  /** The same of those that are in view, a part of them at least. */
  firstSeen: number;
  endSeen: number;
  /** Height of all rows. */
  height: number;
}

/** Which of `count` thumbnails are drawn where `view` pixels are seen from `top` on. */
export function windowOf(
  count: number,
  columns: number,
  side: number,
  top: number,
  view: number,
): GridWindow {
  const row = rowHeight(side);
  const rows = Math.ceil(count / columns);
  const firstRow = Math.floor(top / row);
  const endRow = Math.ceil((top + view) / row);
  const place = (row: number) => Math.min(Math.max(0, row) * columns, count);
  return {
    first: place(firstRow - SPARE),
    end: place(endRow + SPARE),
    firstSeen: place(firstRow),
    endSeen: place(endRow),
    height: rows * row + GAP,
  };
}

/** Where to scroll so that a row is seen whole, moving as little as can be. */
export function scrolledTo(row: number, side: number, top: number, view: number): number {
  const start = row * rowHeight(side);
  const end = start + rowHeight(side) + GAP;
  if (start < top) return start;
  return end > top + view ? end - view : top;
}
