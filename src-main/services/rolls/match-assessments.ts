import type { PlacedAssessment } from '../../store/roll-assessments.ts';
import type { Assessment, RollDefect } from '../../common/api/rolls.ts';

type Boxed = Pick<RollDefect, 'id' | 'box'>;

/**
 * The latest assessment of each defect. An assessment belongs to the defect with the same peak. If there is none, because the result
 * or the threshold is another, it belongs to the smallest defect whose box contains its place.
 *
 * @param assessments oldest first
 */
export function matchAssessments(
  defects: readonly Boxed[],
  assessments: readonly PlacedAssessment[],
): Map<string, Assessment> {
  const ids = new Set(defects.map(({ id }) => id));
  const owners = new Map<string, string | undefined>();
  const latest = new Map<string, Assessment>();
  for (const { x, y, ...assessment } of assessments) {
    const place = `${x},${y}`;
    if (!owners.has(place)) owners.set(place, ids.has(place) ? place : smallestAround(defects, x, y)?.id);
    const owner = owners.get(place);
    if (owner !== undefined) latest.set(owner, assessment);
  }
  return latest;
}

function smallestAround(defects: readonly Boxed[], x: number, y: number): Boxed | undefined {
  const area = ({ box }: Boxed) => box.width * box.height;
  let smallest: Boxed | undefined;
  for (const defect of defects) {
    const { left, top, width, height } = defect.box;
    const contains = x + 0.5 >= left && x + 0.5 < left + width && y + 0.5 >= top && y + 0.5 < top + height;
    if (contains && (!smallest || area(defect) < area(smallest))) smallest = defect;
  }
  return smallest;
}
