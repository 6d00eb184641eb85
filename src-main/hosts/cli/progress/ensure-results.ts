import type { Run } from '../../../common/api/runs.ts';
import type { ProviderChoice } from '../../../common/api/schemas.ts';
import type { Services } from '../../../services/types.ts';
import { printError } from '../output/print.ts';
import { skippedText } from '../output/skipped-text.ts';
import { watchRun } from './watch-run.ts';

/**
 * Inspects a dataset's test images that have no result of these methods. An interrupted run is canceled;
 * finished results are kept. Failures are printed and set the exit code to 1.
 *
 * @returns the run; undefined without methods
 */
export async function ensureResults(
  services: Services,
  scope: { dataset: number; methods: number[]; provider: ProviderChoice; classes?: string[] },
  signal: AbortSignal,
): Promise<Run | undefined> {
  if (scope.methods.length === 0) return undefined;
  const started = await services.runs.start(scope, signal);
  const { methods } = await services.methods.stored(undefined, signal);
  for (const each of started.skipped)
    printError(skippedText(methods.find(({ id }) => id === each.method)?.label ?? '', each));
  const run = await watchRun(services.runs, started, 'cancel', signal);
  const { failed } = run.counts;
  if (failed === 0) return run;
  process.exitCode = 1;
  printError(`${failed} inspections failed; the reasons are above.`);
  return run;
}
