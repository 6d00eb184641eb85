import type { ProviderChoice } from '../../../common/api/schemas.ts';
import type { Services } from '../../../services/services.ts';
import { followRun } from './watch-run.ts';

/**
 * Inspects the test images of a dataset that have no result of these methods yet, with a bar; what fails is told with its
 * reason. Interrupted, the run is canceled; results that are there stay.
 *
 * @returns how many inspections failed
 */
export async function runMissing(
  services: Services,
  scope: { dataset: number; methods: number[]; provider: ProviderChoice },
  signal: AbortSignal,
): Promise<number> {
  if (scope.methods.length === 0) return 0;
  const run = await services.runs.start(scope, signal);
  const { counts } = await followRun(services.runs, run, 'cancel', signal);
  return counts.failed;
}
