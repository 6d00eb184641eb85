import type { RollGrade } from '../../../common/api/grading.ts';
import type { RollDefect } from '../../../common/api/rolls.ts';
import { formatLength, type UnitSystem } from '../../../common/length-text.ts';
import { printLine } from './print.ts';

/** A defect's position, in pixels if the roll has no scale. */
export function alongText({ px, mm }: RollDefect, direction: 'along' | 'across', units: UnitSystem): string {
  return mm ? formatLength(mm[direction], units) : `${Math.round(px[direction])} px`;
}

/** Prints the grade of a roll with its reasons and cut proposals. */
export function printGrade(grade: RollGrade, units: UnitSystem): void {
  const { title, totalPoints, figure, pass, reasons, cuts, afterCuts } = grade;
  const place = (from: number, to: number) => `${formatLength(from, units)} to ${formatLength(to, units)}`;
  printLine(`${title}: ${pass ? 'passes' : 'fails'}${grade.grade === null ? '' : `, ${grade.grade}`}`);
  printLine(
    `${totalPoints} points, ${Number(figure.value.toPrecision(4))} ${figure.unit}${figure.limit === null ? '' : `, limit ${figure.limit}`}`,
  );
  for (const reason of reasons) printLine(`  ${reason}`);
  for (const { from, to, why } of cuts) printLine(`cut ${place(from, to)}: ${why}`);
  if (afterCuts)
    printLine(
      `after the cuts: ${formatLength(afterCuts.length, units)}, ${afterCuts.points} points, ${Number(afterCuts.value.toPrecision(4))}: ${afterCuts.pass ? 'passes' : 'fails'}`,
    );
}
