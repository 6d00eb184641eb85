/** How a mark shows points by color: 1, 2, 3, or 4 for at least 4; 0 for a defect that does not count. */
export type PointsLevel = 0 | 1 | 2 | 3 | 4;

export function pointsLevel({ counted, points }: { counted: boolean; points: number }): PointsLevel {
  return counted ? (Math.min(Math.max(Math.round(points), 1), 4) as PointsLevel) : 0;
}
