import { contourRings } from '../../src-main/common/maps/contour.ts';
import { firstRunAfter } from '../../src-main/common/maps/mask-runs.ts';
import type { DecodedMask } from '../../src-main/common/maps/mask-png.ts';
import { levelSize } from '../../src-main/common/tiles.ts';
import type { Point, Size } from '../viewer/viewport.ts';
import type { ContourPart } from './outline.ts';

/**
 * The contour of a mask in a part of the image, at a level whose cells are anomalous if any of their pixels is. Contours close at
 * the edges of the part. Cost O(cells of the part + runs in its rows).
 */
export function contourOfMask(mask: DecodedMask, level: number, wanted: Point & Size): ContourPart {
  const side = 2 ** level;
  const grid = levelSize(mask, level);
  const x = Math.max(0, Math.floor(wanted.x / side) - 1);
  const y = Math.max(0, Math.floor(wanted.y / side) - 1);
  const width = Math.min(Math.ceil((wanted.x + wanted.width) / side) + 1, grid.width) - x;
  const height = Math.min(Math.ceil((wanted.y + wanted.height) / side) + 1, grid.height) - y;
  const origin = { x: x * side, y: y * side };
  const part = {
    ...origin,
    width: Math.min(width * side, mask.width - origin.x),
    height: Math.min(height * side, mask.height - origin.y),
  };
  const values = cellsOf(mask, side, { x, y, width, height });
  const placed = {
    map: { values, width, height },
    width: part.width,
    height: part.height,
    extentWidth: width * side,
    extentHeight: height * side,
  };
  const path = contourRings(placed, 0.5)
    .map((ring) => `M${ring.map(([px, py]) => `${px + origin.x} ${py + origin.y}`).join('L')}Z`)
    .join('');
  return { path, smallPath: '', part };
}

/** 1 for the cells of a window with an anomalous pixel. */
function cellsOf({ runs, width }: DecodedMask, side: number, window: Point & Size): Float32Array {
  const cells = new Float32Array(window.width * window.height);
  const end = (window.y + window.height) * side * width;
  const first = firstRunAfter(runs, window.y * side * width - 1);
  for (let at = 2 * first; at < runs.length && runs[at] < end; at += 2) {
    const row = Math.floor(runs[at] / width);
    const from = Math.max(0, Math.floor((runs[at] - row * width) / side) - window.x);
    const to = Math.min(window.width, Math.ceil((runs[at + 1] - row * width) / side) - window.x);
    if (to > from) {
      const line = (Math.floor(row / side) - window.y) * window.width;
      cells.fill(1, line + from, line + to);
    }
  }
  return cells;
}
