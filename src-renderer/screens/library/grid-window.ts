/** Space between thumbnails, and height of a caption, in CSS pixels. */
export const GAP = 8;
export const CAPTION = 38;
/** Number of rows rendered beyond each edge, so that they are ready when they scroll into view. */
const OVERSCAN = 3;

/** Number of thumbnails that fit into a width. */
export function columnsIn(width: number, side: number): number {
  return Math.max(1, Math.floor((width - GAP) / (side + GAP)));
}

/** Side of thumbnails that fill a width in a number of columns. */
export function fitSide(width: number, columns: number): number {
  return Math.max(1, Math.floor((width - GAP) / columns) - GAP);
}

export function rowHeight(side: number): number {
  return side + CAPTION + GAP;
}

export interface GridWindow {
  /** Indices of the first rendered image and of the one after the last. */
  first: number;
  end: number;
  /** The same indices for images that are at least partly visible. */
  firstVisible: number;
  endVisible: number;
  /** Height of all rows. */
  height: number;
}

/** The part of `count` thumbnails to render if `view` pixels from `top` are visible. */
export function visibleWindow(
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
  const indexOf = (row: number) => Math.min(Math.max(0, row) * columns, count);
  return {
    first: indexOf(firstRow - OVERSCAN),
    end: indexOf(endRow + OVERSCAN),
    firstVisible: indexOf(firstRow),
    endVisible: indexOf(endRow),
    height: rows * row + GAP,
  };
}

/** The nearest scroll position that shows a whole row. */
export function scrollTarget(row: number, side: number, top: number, view: number): number {
  const start = row * rowHeight(side);
  const end = start + rowHeight(side) + GAP;
  if (start < top) return start;
  return end > top + view ? end - view : top;
}
