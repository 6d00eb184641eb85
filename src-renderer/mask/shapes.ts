import type { Point, Size } from '../viewer/viewport.ts';
import { intersection, type Rectangle } from './rectangle.ts';
import { RunList, type Runs } from '../../src-main/common/maps/mask-runs.ts';

/** Snaps the center of a brush so that it covers whole pixels symmetrically. A brush of diameter 1 covers the pixel at the point. */
export function brushCenter({ x, y }: Point, diameter: number): Point {
  return diameter % 2 === 1
    ? { x: Math.floor(x) + 0.5, y: Math.floor(y) + 0.5 }
    : { x: Math.round(x), y: Math.round(y) };
}

/**
 * The pixels that a round brush covers along a segment: those whose center is at most `radius` from it. Pixel (0, 0) has its
 * center at (0.5, 0.5). Cost O(rows + pixels).
 */
export function capsule(size: Size, from: Point, to: Point, radius: number): Runs {
  const list = new RunList(size.width);
  const along = { x: to.x - from.x, y: to.y - from.y };
  const squared = along.x ** 2 + along.y ** 2;
  const toCanvas = (x: number, y: number) => {
    const dx = x - from.x;
    const dy = y - from.y;
    const part = squared === 0 ? 0 : Math.min(1, Math.max(0, (dx * along.x + dy * along.y) / squared));
    return (dx - part * along.x) ** 2 + (dy - part * along.y) ** 2 <= radius ** 2;
  };
  const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - radius));
  const bottom = Math.min(size.height - 1, Math.ceil(Math.max(from.y, to.y) + radius));
  for (let y = top; y <= bottom; y++) {
    const span = spanOf(from, to, radius, y + 0.5);
    if (!span) continue;
    // The capsule is convex, so a row has one run. Rounding may shift the span by one pixel, so the
    // definition decides at its ends.
    let first = Math.max(0, Math.ceil(span[0] - 1));
    let last = Math.min(size.width - 1, Math.floor(span[1]));
    while (first <= last && !toCanvas(first + 0.5, y + 0.5)) first++;
    while (last >= first && !toCanvas(last + 0.5, y + 0.5)) last--;
    list.add(y * size.width + first, y * size.width + last + 1);
  }
  return list.runs;
}

/** The x range of a capsule at height `y`: the union of the discs at its ends and the band between them. */
function spanOf(from: Point, to: Point, radius: number, y: number): [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  const widen = (a: number, b: number) => {
    low = Math.min(low, a);
    high = Math.max(high, b);
  };
  for (const end of [from, to]) {
    const half = radius ** 2 - (y - end.y) ** 2;
    if (half >= 0) widen(end.x - Math.sqrt(half), end.x + Math.sqrt(half));
  }
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length > 0) {
    const nx = ((from.y - to.y) / length) * radius;
    const ny = ((to.x - from.x) / length) * radius;
    const corners = [
      { x: from.x + nx, y: from.y + ny },
      { x: to.x + nx, y: to.y + ny },
      { x: to.x - nx, y: to.y - ny },
      { x: from.x - nx, y: from.y - ny },
    ];
    for (let i = 0; i < 4; i++) {
      const a = corners[i];
      const b = corners[(i + 1) % 4];
      if (a.y <= y !== b.y <= y) {
        const x = a.x + ((y - a.y) * (b.x - a.x)) / (b.y - a.y);
        widen(x, x);
      }
    }
  }
  return low <= high ? [low, high] : undefined;
}

/** The pixels whose center is inside a closed polygon by the non-zero winding rule. */
export function polygon(size: Size, corners: readonly Point[]): Runs {
  const list = new RunList(size.width);
  const heights = corners.map(({ y }) => y);
  const top = Math.max(0, Math.floor(Math.min(...heights)));
  const bottom = Math.min(size.height - 1, Math.ceil(Math.max(...heights)));
  for (let y = top; y <= bottom; y++) {
    const crossings = crossingsAt(corners, y + 0.5);
    let winding = 0;
    for (const [i, { x, turn }] of crossings.entries()) {
      winding += turn;
      if (winding === 0 || i + 1 === crossings.length) continue;
      const first = Math.max(0, Math.ceil(x - 0.5));
      const end = Math.min(size.width, Math.ceil(crossings[i + 1].x - 0.5));
      list.add(y * size.width + first, y * size.width + end);
    }
  }
  return list.runs;
}

/** The crossings of the edges with a height from left to right, and their direction: down (1) or up (-1). */
function crossingsAt(corners: readonly Point[], y: number): { x: number; turn: number }[] {
  const crossings = [];
  for (const [i, a] of corners.entries()) {
    const b = corners[(i + 1) % corners.length];
    if (a.y <= y === b.y <= y) continue;
    crossings.push({ x: a.x + ((y - a.y) * (b.x - a.x)) / (b.y - a.y), turn: a.y <= y ? 1 : -1 });
  }
  return crossings.sort((a, b) => a.x - b.x);
}

/** The pixels of a rectangle that are inside the image. */
export function rectangle(size: Size, wanted: Rectangle): Runs {
  const list = new RunList(size.width);
  const { x, y, width, height } = intersection(wanted, { x: 0, y: 0, ...size });
  for (let row = y; row < y + height; row++) list.add(row * size.width + x, row * size.width + x + width);
  return list.runs;
}

/** The rectangle of whole pixels between two points, including both. */
export function rectangleBetween(a: Point, b: Point): Rectangle {
  const x = Math.floor(Math.min(a.x, b.x));
  const y = Math.floor(Math.min(a.y, b.y));
  return {
    x,
    y,
    width: Math.floor(Math.max(a.x, b.x)) - x + 1,
    height: Math.floor(Math.max(a.y, b.y)) - y + 1,
  };
}
