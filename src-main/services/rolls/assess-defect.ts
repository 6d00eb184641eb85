import type { Assessment } from '../../common/api/rolls.ts';
import { PerchError } from '../../common/api/errors.ts';
import type { Store } from '../../store/store.ts';
import { placeOf } from './defect-id.ts';

/** What a person states about a defect. What is left out stays as it was assessed before. */
export interface NewAssessment {
  image: number;
  defect: string;
  verdict?: Assessment['verdict'] | undefined;
  kind?: string | undefined;
  points?: number | null | undefined;
  reason: string;
  operator: string;
}

/** @throws PerchError `NOT_FOUND`; `INVALID_ARGUMENT` for a place outside the roll, or for points without a reason */
export function assessDefect(store: Store, assessed: NewAssessment): Assessment {
  const { image, defect, operator } = assessed;
  return store.transaction(() => {
    store.rolls.get(image);
    const place = placeOf(defect);
    const { width, height } = store.images.get(image);
    if (place.x >= width || place.y >= height)
      throw new PerchError(
        'INVALID_ARGUMENT',
        `The roll has no pixel ${defect}. It has ${width} x ${height} pixels.`,
      );
    const before = store.rollAssessments.list(image).findLast(({ x, y }) => x === place.x && y === place.y);
    const { verdict = before?.verdict ?? null, kind = before?.kind ?? '' } = assessed;
    const points = assessed.points === undefined ? (before?.points ?? null) : assessed.points;
    const isCorrection = points !== (before?.points ?? null);
    const given = assessed.reason.trim();
    if (isCorrection && points !== null && given === '')
      throw new PerchError('INVALID_ARGUMENT', 'Corrected points need a reason.');
    const reason = given === '' && !isCorrection ? (before?.reason ?? '') : given;
    const {
      x: _x,
      y: _y,
      ...added
    } = store.rollAssessments.add(image, {
      ...place,
      verdict,
      kind,
      points,
      reason,
      operator,
    });
    return added;
  });
}
