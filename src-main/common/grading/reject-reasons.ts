import type { RollRejects } from '../api/grading.ts';
import { isOfKind } from './counts.ts';
import { exceeds, figure, lengthText, millimeters, reaches, type RollUnit, unitLength } from './lengths.ts';
import { lengthAlong, widthAcross } from './sides.ts';
import type { GradedDefect, GradedRoll } from './types.ts';

/** Why a roll fails whatever its points, as sentences. */
export function rejectReasons(
  rejects: RollRejects,
  defects: readonly GradedDefect[],
  roll: GradedRoll,
  unit: RollUnit,
): string[] {
  return [
    runningReason(rejects, defects, unit),
    repeatingReason(rejects, defects, roll, unit),
    fullWidthReason(rejects, defects, roll, unit),
    kindReason(rejects.kinds, defects),
  ].filter((reason) => reason !== null);
}

/** Why a roll fails because of the kind of a defect. */
export function kindReason(kinds: readonly string[], defects: readonly GradedDefect[]): string | null {
  const defect = defects.find((candidate) => isOfKind(candidate, kinds));
  return defect ? `Rejected: it has a defect of the kind ${defect.kind}.` : null;
}

function runningReason(
  { runningOver }: RollRejects,
  defects: readonly GradedDefect[],
  unit: RollUnit,
): string | null {
  if (runningOver === null) return null;
  const longest = Math.max(0, ...defects.map(lengthAlong));
  if (!exceeds(longest, millimeters(runningOver))) return null;
  return `Rejected: a running defect of ${lengthText(longest, unit)}, over ${runningOver}.`;
}

function repeatingReason(
  { repeatingOver }: RollRejects,
  defects: readonly GradedDefect[],
  roll: GradedRoll,
  unit: RollUnit,
): string | null {
  if (repeatingOver === null) return null;
  const repeats = Map.groupBy(
    defects.filter(({ repeat }) => repeat !== null),
    ({ repeat }) => repeat,
  );
  for (const members of repeats.values()) {
    if (members.length < 2) continue;
    const span = Math.max(...members.map(({ to }) => to)) - Math.min(...members.map(({ from }) => from));
    if (!exceeds(span, millimeters(repeatingOver, roll.length))) continue;
    return `Rejected: a repeating defect over ${lengthText(span, unit)}, limit ${repeatingOver}.`;
  }
  return null;
}

function fullWidthReason(
  { fullWidth }: RollRejects,
  defects: readonly GradedDefect[],
  roll: GradedRoll,
  unit: RollUnit,
): string | null {
  if (!fullWidth) return null;
  const from = millimeters(fullWidth.from, roll.width);
  const count = defects.filter((defect) => reaches(widthAcross(defect), from)).length;
  const per100 = (count * 100) / (roll.length / unitLength(unit));
  if (!exceeds(per100, fullWidth.per100)) return null;
  return `Rejected: ${figure(per100)} defects across the full width per 100 ${unit}, limit ${fullWidth.per100}.`;
}
