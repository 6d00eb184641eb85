import type { Point } from '../../common/geometry.ts';

/** The id of a defect: the pixel of its highest score, as `x,y`. */
export function defectId({ x, y }: Point): string {
  return `${Math.floor(x)},${Math.floor(y)}`;
}

export function placeOf(id: string): Point {
  const [x, y] = id.split(',').map(Number);
  return { x, y };
}
