import type { Point } from './viewport.ts';

/** Parses a contour path (contour.ts) into closed rings of vertices, in image pixels. */
export function ringsOf(path: string): Point[][] {
  return path
    .split('M')
    .filter((ring) => ring !== '')
    .map((ring) =>
      ring
        .replace('Z', '')
        .split('L')
        .map((vertex) => {
          const [x, y] = vertex.split(' ').map(Number);
          return { x, y };
        }),
    );
}

/**
 * The outer ring of the region that contains a point: the smallest ring around it. (If that were a hole, the point would be
 * on an island with a smaller ring.)
 */
export function ringAround(rings: readonly Point[][], point: Point): Point[] | undefined {
  return rings
    .filter((ring) => contains(ring, point))
    .sort((a, b) => area(a) - area(b))
    .at(0);
}

export function pathOf(ring: readonly Point[]): string {
  return `M${ring.map(({ x, y }) => `${x} ${y}`).join('L')}Z`;
}

/** Whether a ray to the right of the point crosses the ring an odd number of times. */
function contains(ring: readonly Point[], { x, y }: Point): boolean {
  let inside = false;
  let from = ring[ring.length - 1];
  for (const to of ring) {
    const crosses = from.y > y !== to.y > y;
    if (crosses && x < from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x)) inside = !inside;
    from = to;
  }
  return inside;
}

function area(ring: readonly Point[]): number {
  let twice = 0;
  let from = ring[ring.length - 1];
  for (const to of ring) {
    twice += from.x * to.y - to.x * from.y;
    from = to;
  }
  return Math.abs(twice) / 2;
}
