import type { Dataset } from '../../../common/api/datasets.ts';
import { PerchError } from '../../../common/api/errors.ts';
import { otherImages } from '../../../common/api/other-images.ts';
import type { Run, StoredMethod } from '../../../common/api/runs.ts';
import type { ProviderChoice } from '../../../common/api/schemas.ts';
import type { Omission } from '../../../services/leaderboard/leaderboard.ts';
import { storedMethod } from '../options/stored-method.ts';
import { withHint } from '../output/hint-text.ts';
import { ensureResults } from '../progress/ensure-results.ts';
import type { CommandContext } from '../run-command.ts';

const NO_NORMAL_IMAGES =
  'It compares images with normal images, and there are no normal training images (train/good).';

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
  const groups = Map.groupBy(computed, (method) =>
    JSON.stringify(runnableClasses(method, all, dataset.id, context)),
  );
  for (const [key, members] of groups) {
    const classes = JSON.parse(key) as string[];
    const omit = (method: string, where: string[] | null, reason: string) =>
      outcome.omitted.push({ method, classes: where, reason });
    const scope = { dataset: dataset.id, classes };
    const started: number[] = [];
    for (const method of members) {
      const without = all.filter((name) => !classes.includes(name));
      if (without.length > 0) omit(method.label, classes.length === 0 ? null : without, NO_NORMAL_IMAGES);
      if (classes.length === 0) continue;
      const reason = await tooSlow(method, scope, maxMinutes, context);
      if (reason === undefined) started.push(method.id);
      else omit(method.label, null, reason);
    }
    if (started.length === 0) continue;
    const run = await ensureResults(
      context.services,
      { ...scope, methods: started, provider },
      context.signal,
    );
    outcome.methods.push(...started);
    if (run && run.counts.failed > 0) outcome.omitted.push(...(await failures(run, all, context)));
  }
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
async function tooSlow(
  { definition }: StoredMethod,
  scope: { dataset: number; classes: string[] },
  maxMinutes: number | undefined,
  { services, signal }: CommandContext,
): Promise<string | undefined> {
  if (definition === null || maxMinutes === undefined) return undefined;
  const { estimates } = await services.runs.estimate({ ...scope, definitions: [definition] }, signal);
  const minutes = estimates[0].seconds / 60;
  if (minutes <= maxMinutes) return undefined;
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

/** The classes that have the images that a method compares with. */
function runnableClasses(
  { definition }: StoredMethod,
  classes: string[],
  dataset: number,
  { store }: CommandContext,
): string[] {
  if (definition === null || otherImages(definition) !== 'normal') return classes;
  return classes.filter((name) => store.images.listNormal(dataset, name).length > 0);
}
