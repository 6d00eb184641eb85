/** A rectangle of whole pixels; empty if `width` or `height` is 0. */
export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const EMPTY: Readonly<Rectangle> = { x: 0, y: 0, width: 0, height: 0 };

export function isEmpty({ width, height }: Rectangle): boolean {
  return width <= 0 || height <= 0;
}

/** The smallest rectangle that contains both. */
export function union(a: Rectangle, b: Rectangle): Rectangle {
  if (isEmpty(a)) return b;
  if (isEmpty(b)) return a;
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  const right = Math.max(a.x + a.width, b.x + b.width);
  const bottom = Math.max(a.y + a.height, b.y + b.height);
  return { x, y, width: right - x, height: bottom - y };
}

export function intersection(a: Rectangle, b: Rectangle): Rectangle {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width <= 0 || height <= 0 ? EMPTY : { x, y, width, height };
}
