import { Command } from 'commander';
import type { RollDefect, RollDefects } from '../../../common/api/rolls.ts';
import type { UnitSystem } from '../../../common/length-text.ts';
import { writeFileAtomic } from '../../../files/write.ts';
import {
  gradingOf,
  type GradingOptions,
  gradingOptions,
  printNotes,
  ROLL_ARGUMENT,
  rollNamed,
} from '../options/roll-argument.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { alongText, printGrade } from '../output/print-grade.ts';
import { formatTable } from '../output/table.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

export function gradeCommand(): Command {
  const command = new Command('grade')
    .description('print the points, the grade and the defects of a roll')
    .argument(...ROLL_ARGUMENT);
  for (const option of gradingOptions()) command.addOption(option);
  return command
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
The exit code is 1 if the roll fails or has no grade. docs/grading.md explains the rules.

Examples:
  perch roll grade roll-17
  perch roll grade roll-17 --rule ten-point --threshold 0.02
  perch roll grade roll-17 --rule ours.json --json`,
    )
    .action((name: string, options: GradingOptions & JsonOption) =>
      runCommand(async (context) => {
        const list = await defectsOf(name, options, context);
        if (options.json) printJson(list);
        else await printDefects(list, context);
        if (!list.grade?.pass) process.exitCode = 1;
      }),
    );
}

export function mapCommand(): Command {
  const command = new Command('map')
    .description('draw the defects of a roll along its length')
    .argument(...ROLL_ARGUMENT)
    .requiredOption('--out <file>', 'SVG file to write');
  for (const option of gradingOptions()) command.addOption(option);
  return command
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch roll map roll-17 --out roll-17.svg')
    .action((name: string, options: GradingOptions & JsonOption & { out: string }) =>
      runCommand(async (context) => {
        const roll = await rollNamed(name, context);
        const wishes = await gradingOf(roll, options, context);
        const { content } = await context.services.rolls.map(wishes, context.signal);
        await writeExport(options.out, content, options);
      }),
    );
}

async function defectsOf(
  name: string,
  options: GradingOptions,
  context: CommandContext,
): Promise<RollDefects> {
  const roll = await rollNamed(name, context);
  return context.services.rolls.defects(await gradingOf(roll, options, context), context.signal);
}

export async function writeExport(file: string, content: string, { json }: JsonOption): Promise<void> {
  await writeFileAtomic(file, Buffer.from(content));
  if (json) printJson({ file });
  else printLine(`Wrote ${file}.`);
}

async function printDefects(list: RollDefects, { services, signal }: CommandContext): Promise<void> {
  const { units } = await services.settings.get(undefined, signal);
  const repeated = list.repeats.map(
    ({ pitch, unit, count, across, missing, jitter, falseAlarms }) =>
      `repeats ${count} times every ${Number(pitch.toPrecision(4))} ${unit}, ${Number(across.toPrecision(3))} ${unit} across` +
      ` (${missing} missing, jitter ${Number(jitter.toPrecision(2))} ${unit}, ${falseAlarms.toPrecision(1)} expected by chance)`,
  );
  if (list.defects.length > 0)
    process.stdout.write(
      formatTable([
        ['defect', 'along', 'across', 'score', 'points', ''],
        ...list.defects.map((defect) => row(defect, units)),
      ]),
    );
  for (const line of repeated) printLine(line);
  if (list.grade) printGrade(list.grade, units);
  printNotes(list.notes);
}

function row(defect: RollDefect, units: UnitSystem): string[] {
  const { id, score, points, pointsByRule, counted, assessment } = defect;
  const corrected = points === pointsByRule ? '' : ` (rule: ${pointsByRule})`;
  const said = [assessment?.verdict ?? '', assessment?.kind ?? ''].filter((fact) => fact !== '').join(' ');
  return [
    id,
    alongText(defect, 'along', units),
    alongText(defect, 'across', units),
    score.toPrecision(4),
    counted ? `${points}${corrected}` : '-',
    said,
  ];
}
