import type { Assessment, Roll, RollRepeat } from '../../common/api/rolls.ts';
import { findRepeats, REPEAT_TOLERANCE_MM } from '../../common/grading/repeats/find-repeats.ts';
import type { PlacedDefect } from './grade-defects.ts';

/** Tolerance on a roll without a scale: one and a half positions of a map with stride 4. */
const TOLERANCE_PIXELS = 6;

/** The repeating defects of a roll, in millimeters if it has a scale. Defects that a person accepted do not repeat. */
export function findRollRepeats(
  placed: readonly PlacedDefect[],
  roll: Pick<Roll, 'scale'>,
  assessments: ReadonlyMap<string, Assessment>,
): RollRepeat[] {
  const { scale } = roll;
  const unit = scale ? 'mm' : 'px';
  const tolerance = scale
    ? Math.max(REPEAT_TOLERANCE_MM, TOLERANCE_PIXELS * Math.max(scale.along, scale.across))
    : TOLERANCE_PIXELS;
  const candidates = placed
    .filter(({ id }) => assessments.get(id)?.verdict !== 'accept')
    .map(({ id, px, mm }) => ({ id, ...(mm ?? px), kind: assessments.get(id)?.kind ?? '' }));
  return findRepeats(candidates, tolerance).map((repeat, index) => ({ id: index + 1, unit, ...repeat }));
}
