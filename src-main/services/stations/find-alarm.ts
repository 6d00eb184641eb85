import type { CalibrationRecord } from '../../common/api/recipes.ts';
import type { StationAlarm } from '../../common/api/station.ts';
import { controlAlarms } from '../../common/decisions/control-chart.ts';
import type { ScoredPiece } from '../../store/pieces.ts';

/** Pieces that the control chart looks back at. */
export const ALARM_PIECES = 50;

/**
 * The alarm that the latest pieces raise. Pieces that an operator accepted explain no alarm, and neither do rejects that an operator
 * confirmed count as drift: a person has explained them.
 *
 * @param pieces oldest first
 * @param alarmAfter number of consecutive rejects; 0 for none
 */
export function findAlarm(
  pieces: readonly ScoredPiece[],
  { alarmAfter, calibration, at }: { alarmAfter: number; calibration: CalibrationRecord | null; at: string },
): StationAlarm | undefined {
  const last = alarmAfter > 0 ? pieces.slice(-alarmAfter) : [];
  const isRejected = ({ decision, verdict }: ScoredPiece) => decision === 'reject' && verdict !== 'accept';
  if (last.length > 0 && last.length === alarmAfter && last.every(isRejected)) {
    const count = alarmAfter === 1 ? 'A piece was' : `${alarmAfter} pieces in a row were`;
    return { kind: 'consecutive', since: at, text: `${count} rejected.` };
  }
  if (!calibration) return undefined;
  const points = pieces.flatMap(({ piece, score, decision, verdict }) =>
    score === null || verdict === 'reject' ? [] : [{ image: piece, score, decision }],
  );
  const [alarm] = controlAlarms(points, calibration);
  return alarm && { kind: 'control-chart', since: at, text: alarm.message };
}
