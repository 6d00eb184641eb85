import { Command } from 'commander';
import type { Diagnostic } from '../../../common/api/settings.ts';
import { diagnose } from '../../../services/diagnostics/diagnose.ts';
import { formatDiagnostic } from '../../format-diagnostic.ts';
import { version } from '../../../platform/version.ts';
import { hintText } from '../output/hint-text.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Check this installation: versions, core, providers, models, data directory, store.')
    .summary('check this installation')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Marks: ! a problem, - a problem with something optional. The exit code is 1 if something that Perch needs does not work.

Examples:
  perch doctor
  perch doctor --json`,
    )
    .action((options: JsonOption) => runCommand((context) => runDoctor(options, context)));
}

async function runDoctor({ json }: JsonOption, { engine, signal }: CommandContext): Promise<void> {
  const diagnostics: Diagnostic[] = [];
  if (!json) printLine(`perch ${version}`);
  for await (const diagnostic of diagnose(engine, signal)) {
    diagnostics.push(diagnostic);
    if (!json) printLine(formatDiagnostic(diagnostic, hintText));
  }
  if (json) printJson({ version, diagnostics });
  if (diagnostics.some(({ problem, optional }) => problem !== undefined && !optional)) process.exitCode = 1;
}
