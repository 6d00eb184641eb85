import type { Dataset } from '../../../common/api/datasets.ts';
import { PerchError } from '../../../common/api/errors.ts';
import type { Estimate, Run, StoredMethod } from '../../../common/api/runs.ts';
import type { ProviderChoice } from '../../../common/api/schemas.ts';
import type { Omission } from '../../../services/leaderboard/leaderboard.ts';
import { storedMethod } from '../options/stored-method.ts';
import { withHint } from '../output/hint-text.ts';
import { ensureResults } from '../progress/ensure-results.ts';
import type { CommandContext } from '../run-command.ts';

interface Outcome {
  /** Ids of the methods with results. */
  methods: number[];
  omitted: Omission[];
}

/**
 * Runs methods over the test images of a dataset that have no result. Methods and classes that cannot run are
 * returned with the reason.
 *
 * @param names as in `--method`
 * @throws PerchError for names and files that are wrong
 */
export async function runMethods(
  dataset: Dataset,
  names: readonly string[],
  { provider, maxMinutes }: { provider: ProviderChoice; maxMinutes?: number },
  context: CommandContext,
): Promise<Outcome> {
  const outcome: Outcome = { methods: [], omitted: [] };
  const computed: StoredMethod[] = [];
  for (const name of names) {
    const found = await methodOrReason(name, dataset.id, context);
    if (typeof found === 'string') outcome.omitted.push({ method: name, classes: null, reason: found });
    // Two names may have the same definition.
    else if ([...outcome.methods, ...computed.map(({ id }) => id)].includes(found.id)) continue;
    else if (found.definition === null) outcome.methods.push(found.id);
    else computed.push(found);
  }
  const tested = dataset.classes.filter(({ images, train }) => images > train);
  const all = tested.map(({ textureClass }) => textureClass);
  const scope = { dataset: dataset.id, classes: all };
  const started: number[] = [];
  for (const { id, label, definition } of computed) {
    if (definition === null || all.length === 0) continue;
    const [estimate] = (
      await context.services.runs.estimate({ ...scope, definitions: [definition], provider }, context.signal)
    ).estimates;
    const { skipped } = estimate;
    const skipsAll = skipped?.classes.length === all.length;
    if (skipped)
      outcome.omitted.push({
        method: label,
        classes: skipsAll ? null : skipped.classes,
        reason: skipped.reason,
      });
    if (skipsAll) continue;
    const reason = tooSlow(estimate, maxMinutes);
    if (reason === undefined) started.push(id);
    else outcome.omitted.push({ method: label, classes: null, reason });
  }
  if (started.length === 0) return outcome;
  const run = await ensureResults(context.services, { ...scope, methods: started, provider }, context.signal);
  outcome.methods.push(...started);
  if (run && run.counts.failed > 0) outcome.omitted.push(...(await failures(run, all, context)));
  return outcome;
}

/** The method, or why it cannot run on this machine. */
async function methodOrReason(
  name: string,
  dataset: number,
  context: CommandContext,
): Promise<StoredMethod | string> {
  try {
    return await storedMethod(name, dataset, context);
  } catch (thrown) {
    if (thrown instanceof PerchError && thrown.code.startsWith('MODEL_')) return withHint(thrown);
    throw thrown;
  }
}

/** Why a method takes too long for the images without a result; undefined if it does not. */
function tooSlow({ seconds }: Estimate, maxMinutes: number | undefined): string | undefined {
  const minutes = seconds / 60;
  if (maxMinutes === undefined || minutes <= maxMinutes) return undefined;
  return `It would take about ${Math.ceil(minutes)} min on this machine, and --max-minutes is ${maxMinutes}.`;
}

/** Methods with failed inspections, each with the first reason. */
async function failures(
  { id }: Run,
  classes: readonly string[],
  { store, services, signal }: CommandContext,
): Promise<Omission[]> {
  const page = { run: id, state: 'failed' as const, offset: 0, limit: 1000 };
  const { items } = await services.runs.items(page, signal);
  return [...Map.groupBy(items, ({ method }) => method)].map(([method, failed]) => {
    const where = [...new Set(failed.map(({ textureClass }) => textureClass))];
    const [{ error }] = failed;
    const reason = error ? withHint(error) : 'unknown';
    return {
      method: store.methods.get(method).label,
      classes: where.length === classes.length ? null : where,
      reason: `${failed.length} ${failed.length === 1 ? 'inspection' : 'inspections'} failed. ${reason}`,
    };
  });
}
