import { Command } from 'commander';
import type { Finding } from '../../../common/api/settings.ts';
import { examine } from '../../../services/diagnostics/diagnose.ts';
import { formatFinding } from '../../format-finding.ts';
import { version } from '../../version.ts';
import { hintText } from '../output/hint-text.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Check this installation: versions, native core, providers, models, data directory, store.')
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
    .action((options: JsonOption) => runCommand((context) => diagnose(options, context)));
}

async function diagnose({ json }: JsonOption, { engine, signal }: CommandContext): Promise<void> {
  const findings: Finding[] = [];
  if (!json) printLine(`perch ${version}`);
  for await (const finding of examine(engine, signal)) {
    findings.push(finding);
    if (!json) printLine(formatFinding(finding, hintText));
  }
  if (json) printJson({ version, findings });
  if (findings.some(({ problem, optional }) => problem !== undefined && !optional)) process.exitCode = 1;
}
