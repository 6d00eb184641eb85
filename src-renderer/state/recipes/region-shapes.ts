import type { RegionShape } from '../../../src-main/common/api/regions.ts';
import type { Crop, Point, Size } from '../../../src-main/common/geometry.ts';

/** Smallest side of a shape in pixels. */
const MIN_SIDE = 1;

/** A point of a shape that can be dragged. */
export interface ShapeHandle extends Point {
  /** The shape after the handle was dragged to another position. */
  drag: (to: Point) => RegionShape;
}

/** The bounding box of a shape. */
export function boundsOf(shape: RegionShape): Crop {
  if (shape.type === 'rectangle') {
    const { left, top, width, height } = shape;
    return { left, top, width, height };
  }
  const [xs, ys] = [shape.points.map(([x]) => x), shape.points.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

/** The rectangle between two corners, on whole image pixels; undefined if it is completely outside. */
export function rectangleBetween(a: Point, b: Point, image: Size): RegionShape | undefined {
  const [left, right] = range(a.x, b.x, image.width);
  const [top, bottom] = range(a.y, b.y, image.height);
  if (right - left < MIN_SIDE || bottom - top < MIN_SIDE) return undefined;
  return { type: 'rectangle', left, top, width: right - left, height: bottom - top };
}

/** The polygon with these vertices, on whole pixels; undefined if it has fewer than three. */
export function polygonOf(vertices: readonly Point[], image: Size): RegionShape | undefined {
  const points = vertices.map(({ x, y }): [number, number] => [
    clamp(Math.round(x), image.width),
    clamp(Math.round(y), image.height),
  ]);
  const distinct = points.filter(
    ([x, y], at) => at === 0 || x !== points[at - 1][0] || y !== points[at - 1][1],
  );
  return distinct.length < 3 ? undefined : { type: 'polygon', points: distinct };
}

/** The shape moved by whole pixels. It stays in the image if it fits. */
export function moveShape(shape: RegionShape, by: Point, image: Size): RegionShape {
  const { left, top, width, height } = boundsOf(shape);
  const dx = stay(left, width, by.x, image.width);
  const dy = stay(top, height, by.y, image.height);
  if (shape.type === 'rectangle') return { ...shape, left: left + dx, top: top + dy };
  return { ...shape, points: shape.points.map(([x, y]) => [x + dx, y + dy]) };
}

/** The shape with its right and bottom edges moved. It stays in the image. */
export function resizeShape(shape: RegionShape, by: Point, image: Size): RegionShape {
  const bounds = boundsOf(shape);
  const { left, top } = bounds;
  const width = Math.max(MIN_SIDE, Math.min(bounds.width + by.x, Math.max(bounds.width, image.width - left)));
  const height = Math.max(
    MIN_SIDE,
    Math.min(bounds.height + by.y, Math.max(bounds.height, image.height - top)),
  );
  if (shape.type === 'rectangle') return { ...shape, width, height };
  const scale = (from: number, to: number) => (from === 0 ? 1 : to / from);
  const [sx, sy] = [scale(bounds.width, width), scale(bounds.height, height)];
  return { ...shape, points: shape.points.map(([x, y]) => [left + (x - left) * sx, top + (y - top) * sy]) };
}

/** The handles of a shape: corners and sides of a rectangle, vertices of a polygon. */
export function handlesOf(shape: RegionShape, image: Size): ShapeHandle[] {
  if (shape.type === 'polygon')
    return shape.points.map(([x, y], index) => ({
      x,
      y,
      drag: (to) => ({
        ...shape,
        points: shape.points.with(index, [
          clamp(Math.round(to.x), image.width),
          clamp(Math.round(to.y), image.height),
        ]),
      }),
    }));
  const { left, top, width, height } = shape;
  const [right, bottom] = [left + width, top + height];
  const sides = [
    { x: left, opposite: right, fixed: false },
    { x: (left + right) / 2, opposite: NaN, fixed: true },
    { x: right, opposite: left, fixed: false },
  ];
  const rows = [
    { y: top, opposite: bottom, fixed: false },
    { y: (top + bottom) / 2, opposite: NaN, fixed: true },
    { y: bottom, opposite: top, fixed: false },
  ];
  return rows.flatMap((row) =>
    sides
      .filter((side) => !(side.fixed && row.fixed))
      .map((side) => ({
        x: side.x,
        y: row.y,
        drag: (to: Point) =>
          rectangleBetween(
            { x: side.fixed ? left : side.opposite, y: row.fixed ? top : row.opposite },
            { x: side.fixed ? right : to.x, y: row.fixed ? bottom : to.y },
            image,
          ) ?? shape,
      })),
  );
}

/** Whether a point is inside a shape. */
export function contains(shape: RegionShape, { x, y }: Point): boolean {
  if (shape.type === 'rectangle')
    return x >= shape.left && y >= shape.top && x < shape.left + shape.width && y < shape.top + shape.height;
  let inside = false;
  let [fromX, fromY] = shape.points[shape.points.length - 1];
  for (const [toX, toY] of shape.points) {
    if (fromY > y !== toY > y && x < fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX)) inside = !inside;
    [fromX, fromY] = [toX, toY];
  }
  return inside;
}

/** Size and position of a shape: "120 × 80 at 10, 20". */
export function describeShape(shape: RegionShape): string {
  const { left, top, width, height } = boundsOf(shape);
  return `${Math.round(width)} × ${Math.round(height)} at ${Math.round(left)}, ${Math.round(top)}`;
}

function range(a: number, b: number, length: number): [number, number] {
  return [clamp(Math.round(Math.min(a, b)), length), clamp(Math.round(Math.max(a, b)), length)];
}

function clamp(value: number, length: number): number {
  return Math.min(Math.max(value, 0), length);
}

/** The part of a move by which a side of `size` at `from` stays within 0..length. */
function stay(from: number, size: number, by: number, length: number): number {
  const highest = Math.max(from, length - size);
  return Math.min(Math.max(from + by, Math.min(from, 0)), highest) - from;
}
