import os from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type Verdict, verdict } from '../../../common/api/sessions.ts';
import { nonNegativeInteger } from '../options/parsers.ts';
import { ROLL_ARGUMENT, rollNamed } from '../options/roll-argument.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { runCommand } from '../run-command.ts';

interface AssessOptions extends JsonOption {
  verdict?: Verdict;
  kind?: string;
  /** `rule` for those of the rule. */
  points?: number | 'rule';
  reason: string;
  operator: string;
}

export function assessCommand(): Command {
  return new Command('assess')
    .description("state a defect's verdict, kind or points; earlier assessments are kept")
    .argument(...ROLL_ARGUMENT)
    .argument('<defect>', 'its place, as listed by perch roll grade: x,y', defectPlace)
    .addOption(new Option('--verdict <verdict>', 'accept, reject or unsure').choices(verdict.options))
    .option('--kind <name>', 'kind of the defect, such as hole')
    .option(
      '--points <N>',
      'corrected points, which need a reason; "rule" returns to those of the rule',
      points,
    )
    .option('--reason <text>', 'why the points are corrected', '')
    .option('--operator <name>', 'name of the operator', os.userInfo().username)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  perch roll assess roll-17 1204,88211 --verdict reject --kind hole
  perch roll assess roll-17 1204,88211 --points 1 --reason "mended"`,
    )
    .action((name: string, defect: string, options: AssessOptions) =>
      runCommand(async (context) => {
        const { json, points: given, ...stated } = options;
        const correction = given === undefined ? {} : { points: given === 'rule' ? null : given };
        const { image } = await rollNamed(name, context);
        const assessment = await context.services.rolls.assess(
          { image, defect, ...stated, ...correction },
          context.signal,
        );
        if (json) return printJson({ defect, ...assessment });
        const { verdict: said, kind, points: corrected } = assessment;
        printLine(
          [defect, said ?? 'no verdict', kind, corrected === null ? '' : `${corrected} points`]
            .filter((fact) => fact !== '')
            .join('  '),
        );
      }),
    );
}

function defectPlace(text: string): string {
  if (/^\d+,\d+$/.test(text)) return text;
  throw new InvalidArgumentError('Must be a place in pixels, as in 1204,88211.');
}

function points(text: string): number | 'rule' {
  return text === 'rule' ? text : nonNegativeInteger(text);
}
