import { Command } from 'commander';
import type { Finding } from '../../../common/api/settings.ts';
import { examine } from '../../../services/doctor/examine.ts';
import { formatFinding } from '../../format-finding.ts';
import { version } from '../../version.ts';
import { hintText } from '../output/hint-text.ts';
import { withEngine } from '../with-engine.ts';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('look at this installation: versions, native core, providers, models, folders')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nThe exit code is 1 where something that Perch needs does not work.\n\nExample:\n  perch doctor',
    )
    .action(run);
}

async function run({ json }: { json?: boolean }): Promise<void> {
  const findings: Finding[] = [];
  if (!json) process.stdout.write(`perch ${version}\n`);
  await withEngine(async (engine, signal) => {
    for await (const finding of examine(engine, signal)) {
      findings.push(finding);
      if (!json) process.stdout.write(`${formatFinding(finding, hintText)}\n`);
    }
  });
  if (json) process.stdout.write(`${JSON.stringify({ version, findings })}\n`);
  if (findings.some(({ problem, optional }) => problem !== undefined && !optional)) process.exitCode = 1;
}
