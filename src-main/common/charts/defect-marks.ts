/** The shape of a defect's mark, which shows its kind without color. */
export type MarkShape =
  'circle' | 'square' | 'triangle' | 'diamond' | 'wedge' | 'cross' | 'plus' | 'star' | 'hexagon';

/** The shape of defects without a kind. */
export const UNNAMED_SHAPE: MarkShape = 'circle';
/** The shape of all kinds for which no other shape is left. */
export const OTHER_SHAPE: MarkShape = 'hexagon';

const namedShapes: readonly MarkShape[] = ['square', 'triangle', 'diamond', 'cross', 'wedge', 'plus', 'star'];

/** The shape of each kind of defect, by name, so that the order of defects does not change it. */
export function shapesOfKinds(kinds: Iterable<string>): ReadonlyMap<string, MarkShape> {
  const names = [...new Set(kinds)].filter((kind) => kind !== '').sort();
  return new Map([
    ['', UNNAMED_SHAPE],
    ...names.map((name, index) => [name, namedShapes[index] ?? OTHER_SHAPE] as const),
  ]);
}

/** Side of a mark in pixels: 2 pixels more for each of the first 4 points, and up to 18 at 10 points. */
export function markSize(points: number): number {
  const capped = Math.min(Math.max(points, 0), 10);
  return capped <= 4 ? 6 + 2 * capped : 14 + (2 / 3) * (capped - 4);
}

/** A mark's outline around (`x`, `y`) as an SVG path. All shapes of a size look equally large. */
export function markPath(shape: MarkShape, size: number, x: number, y: number): string {
  if (shape === 'circle') {
    const r = rounded(0.54 * size);
    return `M${rounded(x - r)} ${rounded(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
  }
  const points = vertices[shape].map(
    ([dx, dy]) => `${rounded(x + (dx * size) / 2)} ${rounded(y + (dy * size) / 2)}`,
  );
  return `M${points.join('L')}z`;
}

type Vertex = readonly [x: number, y: number];

/** The vertices of each shape around the origin, in half sides. */
const vertices: Record<Exclude<MarkShape, 'circle'>, readonly Vertex[]> = {
  square: [
    [-0.92, -0.92],
    [0.92, -0.92],
    [0.92, 0.92],
    [-0.92, 0.92],
  ],
  triangle: [
    [0, -1.38],
    [1.22, 0.82],
    [-1.22, 0.82],
  ],
  wedge: [
    [0, 1.38],
    [1.22, -0.82],
    [-1.22, -0.82],
  ],
  diamond: [
    [0, -1.3],
    [1.3, 0],
    [0, 1.3],
    [-1.3, 0],
  ],
  plus: bars(0),
  cross: bars(Math.PI / 4),
  star: ring(10, (at) => (at % 2 === 0 ? 1.4 : 0.6)),
  hexagon: ring(6, () => 1.12),
};

/** Two crossed bars. @param angle of the first bar in radians */
function bars(angle: number): Vertex[] {
  const [long, half] = [1.25, 0.42];
  const corners: Vertex[] = [
    [half, half],
    [long, half],
    [long, -half],
  ];
  return [0, 1, 2, 3].flatMap((turn) =>
    corners.map((corner) => turned(corner, angle - (turn * Math.PI) / 2)),
  );
}

function ring(count: number, radius: (at: number) => number): Vertex[] {
  return Array.from({ length: count }, (_, at) => turned([0, -radius(at)], (2 * Math.PI * at) / count));
}

function turned([x, y]: Vertex, angle: number): Vertex {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [x * cos - y * sin, x * sin + y * cos];
}

const rounded = (value: number) => Math.round(value * 10) / 10;
