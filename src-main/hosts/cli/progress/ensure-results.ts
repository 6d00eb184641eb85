import type { ProviderChoice } from '../../../common/api/schemas.ts';
import type { Services } from '../../../services/types.ts';
import { printError } from '../output/print.ts';
import { watchRun } from './watch-run.ts';

/**
 * Inspects a dataset's test images that have no result of these methods. An interrupted run is canceled;
 * finished results are kept. Failures are printed and set the exit code to 1.
 */
export async function ensureResults(
  services: Services,
  scope: { dataset: number; methods: number[]; provider: ProviderChoice; classes?: string[] },
  signal: AbortSignal,
): Promise<void> {
  if (scope.methods.length === 0) return;
  const run = await services.runs.start(scope, signal);
  const { counts } = await watchRun(services.runs, run, 'cancel', signal);
  if (counts.failed === 0) return;
  process.exitCode = 1;
  printError(`${counts.failed} inspections failed; the reasons are above.`);
}
