/** A rectangle with its borders in millimeters. */
export interface Box {
  from: number;
  to: number;
  left: number;
  right: number;
}

/** The area of the union of rectangles, in square millimeters: a sweep along the roll over their borders. */
export function unionArea(boxes: readonly Box[]): number {
  const borders = [...new Set(boxes.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const byStart = [...boxes].sort((a, b) => a.from - b.from);
  let active: Box[] = [];
  let next = 0;
  let area = 0;
  for (let index = 0; index + 1 < borders.length; index++) {
    const from = borders[index];
    while (next < byStart.length && byStart[next].from <= from) active.push(byStart[next++]);
    active = active.filter(({ to }) => to > from);
    area += (borders[index + 1] - from) * unionLength(active);
  }
  return area;
}

/** The length of the union of the rectangles' extents across. */
function unionLength(boxes: readonly Box[]): number {
  let covered = 0;
  let end = -Infinity;
  for (const { left, right } of [...boxes].sort((a, b) => a.left - b.left)) {
    if (right <= end) continue;
    covered += right - Math.max(left, end);
    end = right;
  }
  return covered;
}
