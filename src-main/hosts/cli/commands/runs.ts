import { Command } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import type { Decision, ImageDecision, Recipe } from '../../../common/api/recipes.ts';
import type { Run } from '../../../common/api/runs.ts';
import type { AnyMethod, ProviderChoice } from '../../../common/api/schemas.ts';
import type { Services } from '../../../services/types.ts';
import { providerOption } from '../options/image-options.ts';
import { methodOption, resolveMethods } from '../options/method-options.ts';
import { collect, positiveInteger } from '../options/parsers.ts';
import { addressOption, queueOption } from '../options/queue-options.ts';
import { recipeNamed } from '../options/recipe-argument.ts';
import { withHint } from '../output/hint-text.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printError, printLine } from '../output/print.ts';
import { skippedText } from '../output/skipped-text.ts';
import { watchRun } from '../progress/watch-run.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

export function runsCommand(): Command {
  return new Command('runs')
    .description('Run methods over datasets. Finished results are reused.')
    .summary('run methods over datasets')
    .addCommand(startCommand())
    .addCommand(resumeOrRetryCommand('resume', 'resume a paused or interrupted run'))
    .addCommand(resumeOrRetryCommand('retry', 'retry the failed and canceled items of a run'))
    .addCommand(cancelCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addHelpText(
      'after',
      `
A run works in the foreground; Ctrl-C pauses it. An open window of Perch shows it as well.

Examples:
  perch runs start fabrics --method default
  perch runs resume 3`,
    );
}

interface QueueOptions {
  queue?: string;
  address?: string;
  workers?: boolean;
}

interface StartOptions extends JsonOption, QueueOptions {
  method?: string[];
  recipe?: string;
  class?: string[];
  provider: ProviderChoice;
}

function startCommand(): Command {
  return new Command('start')
    .description("inspect a dataset's test images that have no result")
    .argument('<dataset>', 'name of the dataset')
    .addOption(methodOption().conflicts('recipe'))
    .option('--recipe <name>', 'run the method of a recipe over its classes, and count its decisions')
    .option('--class <name>', 'inspect only this class; can be repeated', collect)
    .addOption(providerOption())
    .option('--workers', 'let the workers of the queue do it, instead of this machine')
    .addOption(queueOption())
    .addOption(addressOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
A method skips the classes that lack the images that it compares with, such as normal training images, and says so. The exit code is 1 if an inspection failed.

Examples:
  perch runs start fabrics --method default --method ours-320
  perch runs start fabrics --method fine.json --class linen --class jute
  perch runs start fabrics --recipe oxford
  perch runs start fabrics --method default --queue postgres://perch@host-a/perch`,
    )
    .action((dataset: string, options: StartOptions) =>
      runCommand((context) => start(dataset, options, context)),
    );
}

function resumeOrRetryCommand(verb: 'resume' | 'retry', description: string): Command {
  return new Command(verb)
    .description(description)
    .argument('<id>', 'number of the run (see perch runs list)', positiveInteger)
    .addOption(queueOption())
    .addOption(addressOption())
    .addOption(jsonOption())
    .addHelpText('after', `\nExample:\n  perch runs ${verb} 3`)
    .action((run: number, { json, ...queue }: JsonOption & QueueOptions) =>
      runCommand(async ({ services: { runs }, signal }) => {
        useQueue(runs, queue);
        printOutcome(await watchRun(runs, await runs[verb]({ run }, signal), 'pause', signal), json);
      }),
    );
}

function cancelCommand(): Command {
  return new Command('cancel')
    .description('cancel a run, including one of another process; finished results are kept')
    .argument('<id>', 'number of the run', positiveInteger)
    .addHelpText('after', '\nExample:\n  perch runs cancel 3')
    .action((run: number) =>
      runCommand(async ({ services, signal }) => {
        printLine(formatRun(await services.runs.cancel({ run }, signal)));
      }),
    );
}

function listCommand(): Command {
  return new Command('list')
    .description('list the runs, newest first')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch runs list')
    .action((options: JsonOption) => runCommand((context) => list(options, context)));
}

function showCommand(): Command {
  return new Command('show')
    .description("show a run's progress and failures")
    .argument('<id>', 'number of the run', positiveInteger)
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch runs show 3')
    .action((run: number, options: JsonOption) => runCommand((context) => show(run, options, context)));
}

async function start(name: string, options: StartOptions, context: CommandContext): Promise<void> {
  const { store, services, signal } = context;
  const { runs, methods } = services;
  const { provider, json } = options;
  useQueue(runs, options);
  const dataset = store.datasets.getByName(name).id;
  const recipe = options.recipe === undefined ? undefined : await recipeNamed(options.recipe, context);
  const classes = options.class ?? (recipe && classesOf(recipe, { id: dataset, name }));
  const definitions = recipe
    ? [{ definition: recipe.latest.definition.method }]
    : await methodsOf(options.method);
  const ids: number[] = [];
  for (const definition of definitions) ids.push((await methods.store(definition, signal)).id);
  const place = options.queue !== undefined || options.workers ? 'workers' : 'here';
  const run = await runs.start(
    { dataset, methods: ids, provider, place, ...(classes && { classes }) },
    signal,
  );
  for (const each of run.skipped) printError(skippedText(store.methods.get(each.method).label, each));
  printOutcome(await watchRun(runs, run, 'pause', signal), json);
  if (!recipe || json) return;
  const { decisions } = await services.recipes.decisions({ dataset }, signal);
  const tested = decisions.filter(
    ({ recipe: by, image }) => by === recipe.id && store.images.get(image).split === 'test',
  );
  printLine(`recipe ${recipe.name}, revision ${recipe.latest.revision}: ${countDecisions(tested)}`);
}

function useQueue(runs: Services['runs'], { queue, address }: QueueOptions): void {
  if (queue === undefined && address === undefined) return;
  runs.useQueue({ ...(queue !== undefined && { url: queue }), ...(address !== undefined && { address }) });
}

async function methodsOf(names: string[] | undefined): Promise<{ definition: AnyMethod; label: string }[]> {
  const resolved = await resolveMethods({ ...(names && { method: names }) });
  return resolved.map(({ name: label, method: definition }) => ({ definition, label }));
}

/** The classes of a dataset that a recipe decides. @throws PerchError `INVALID_ARGUMENT` if there are none */
function classesOf({ name, uses }: Recipe, dataset: { id: number; name: string }): string[] {
  const classes = uses.filter((use) => use.dataset === dataset.id).map(({ textureClass }) => textureClass);
  if (classes.length > 0) return classes;
  throw new PerchError(
    'INVALID_ARGUMENT',
    `The recipe "${name}" decides no class of ${dataset.name}. Assign it with perch recipes assign.`,
  );
}

/** "20 pass, 1 to review, 4 rejected" */
function countDecisions(decisions: readonly ImageDecision[]): string {
  const count = (wanted: Decision | null) => decisions.filter(({ decision }) => decision === wanted).length;
  const undecided = count(null);
  return (
    `${count('pass')} pass, ${count('review')} to review, ${count('reject')} rejected` +
    (undecided > 0 ? `, ${undecided} not decided` : '')
  );
}

async function list({ json }: JsonOption, { store, services, signal }: CommandContext): Promise<void> {
  const { runs } = await services.runs.list(undefined, signal);
  if (json) return runs.forEach(printJson);
  if (runs.length === 0) return printLine('There are no runs. Start one with `perch runs start DATASET`.');
  for (const run of runs) printLine(`${formatRun(run)}  ${store.datasets.get(run.dataset).name}`);
}

async function show(
  id: number,
  { json }: JsonOption,
  { store, services: { runs }, signal }: CommandContext,
): Promise<void> {
  const run = (await runs.list(undefined, signal)).runs.find((each) => each.id === id);
  if (!run) throw new PerchError('NOT_FOUND', `Run ${id} does not exist. Run \`perch runs list\`.`);
  const { items: failed } = await runs.items({ run: id, state: 'failed', offset: 0, limit: 1000 }, signal);
  if (json) return printJson({ ...run, failed });
  const { name } = store.datasets.get(run.dataset);
  printLine(formatRun(run));
  printLine(`dataset  ${name}: ${run.classes?.join(', ') ?? 'all classes'}`);
  for (const method of run.methods) printLine(`method   ${store.methods.get(method).label}`);
  for (const each of run.skipped)
    printLine(`skipped  ${skippedText(store.methods.get(each.method).label, each)}`);
  if (run.device) printLine(`device   ${run.device}`);
  if (run.place === 'workers') printLine('place    workers of the queue');
  if (run.heldBy) printLine(run.heldBy);
  for (const { textureClass, imageName, error } of failed)
    printLine(`failed   ${textureClass} ${imageName}: ${error ? withHint(error) : ''}`);
}

/** Prints the final state of a run. Sets the exit code unless the run is complete. */
function printOutcome(run: Run, json: boolean | undefined): void {
  if (json) printJson(run);
  else printLine(formatRun(run));
  if (run.counts.failed > 0 || run.state !== 'done') process.exitCode = 1;
}

/** "run 3  done  40 of 42 done, 2 failed" */
function formatRun({ id, state, counts, total }: Run): string {
  const others = (['failed', 'canceled'] as const)
    .filter((count) => counts[count] > 0)
    .map((count) => `, ${counts[count]} ${count}`);
  return `run ${id}  ${state}  ${counts.done} of ${total} done${others.join('')}`;
}
