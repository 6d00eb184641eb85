import { Command } from 'commander';
import {
  gradingOf,
  type GradingOptions,
  gradingOptions,
  ROLL_ARGUMENT,
  rollNamed,
} from '../options/roll-argument.ts';
import { jsonOption, type JsonOption } from '../output/json.ts';
import { runCommand } from '../run-command.ts';
import { writeExport } from './roll-grade.ts';

export function certificateCommand(): Command {
  const command = new Command('certificate')
    .description('write the certificate of a roll: one page to print')
    .argument(...ROLL_ARGUMENT)
    .requiredOption('--out <file>', 'HTML file to write')
    .option('--operator <name>', 'name of the operator (default: that of the settings)');
  for (const option of gradingOptions()) command.addOption(option);
  return command
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nA browser prints the page as PDF, and so does the Perch window.\n\nExample:\n  perch roll certificate roll-17 --out roll-17.html',
    )
    .action((name: string, options: GradingOptions & JsonOption & { out: string; operator?: string }) =>
      runCommand(async (context) => {
        const roll = await rollNamed(name, context);
        const wishes = await gradingOf(roll, options, context);
        const operator = options.operator === undefined ? {} : { operator: options.operator };
        const { content } = await context.services.rolls.certificate(
          { ...wishes, ...operator, format: 'html' },
          context.signal,
        );
        await writeExport(options.out, content, options);
      }),
    );
}
