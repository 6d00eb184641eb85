import { Command } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import type { Run } from '../../../common/api/runs.ts';
import type { ProviderChoice } from '../../../common/api/schemas.ts';
import { openMethods } from '../../../services/methods/methods.ts';
import { nameOfPreset } from '../../../services/preset-files.ts';
import { openRuns } from '../../../services/runs/runs.ts';
import type { Store } from '../../../store/store.ts';
import { followRun } from '../progress/watch-run.ts';
import { methodFrom } from '../options/method-options.ts';
import { wholeNumber } from '../options/parsers.ts';
import { providerOption } from '../options/shared-options.ts';
import { withStore } from '../with-store.ts';

export function runsCommand(): Command {
  return new Command('runs')
    .description('inspect datasets by methods; what is done stays, and is not done again')
    .addCommand(startCommand())
    .addCommand(goOnCommand('resume', 'go on with a run that was paused, or whose Perch was ended'))
    .addCommand(goOnCommand('retry', 'do again what failed or was canceled in a run'))
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(cancelCommand())
    .addHelpText(
      'after',
      `
A run is carried out in the foreground; Ctrl-C pauses it. A window of Perch that is open shows it as well.

Examples:
  perch runs start fabrics --method default
  perch runs resume 3`,
    );
}

interface StartOptions {
  method: string[];
  class?: string[];
  provider: ProviderChoice;
  json?: boolean;
}

function startCommand(): Command {
  const append = (value: string, given: string[] | undefined) => [...(given ?? []), value];
  return new Command('start')
    .description('inspect the test images of a dataset that have no result yet')
    .argument('<dataset>', 'name of a dataset (perch datasets list)')
    .requiredOption('--method <name>', 'preset or JSON file of your own; may be given several times', append)
    .option('--class <name>', 'only this class; may be given several times', append)
    .addOption(providerOption())
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
The exit code is 1 where an inspection failed. Patchcore takes the normal training images of each class.

Examples:
  perch runs start fabrics --method default --method ours-320
  perch runs start fabrics --method fine.json --class linen --class jute`,
    )
    .action(start);
}

function goOnCommand(verb: 'resume' | 'retry', description: string): Command {
  return new Command(verb)
    .description(description)
    .argument('<id>', 'number of the run (perch runs list)', wholeNumber)
    .option('--json', 'print one JSON object')
    .addHelpText('after', `\nExample:\n  perch runs ${verb} 3`)
    .action((run: number, { json }: { json?: boolean }) =>
      withRuns(async ({ runs }, signal) => {
        told(await followRun(runs, await runs[verb]({ run }, signal), 'pause', signal), json);
      }),
    );
}

function listCommand(): Command {
  return new Command('list')
    .description('list the runs of the store, newest first')
    .option('--json', 'print one JSON object a line for each')
    .addHelpText('after', '\nExample:\n  perch runs list')
    .action(({ json }: { json?: boolean }) =>
      withRuns(async ({ store, runs }, signal) => {
        const { runs: all } = await runs.list(undefined, signal);
        if (all.length === 0 && !json) process.stdout.write('There are no runs: perch runs start DATASET\n');
        for (const run of all) {
          const dataset = store.datasets.get(run.dataset).name;
          process.stdout.write(json ? `${JSON.stringify(run)}\n` : `${inWords(run)}  ${dataset}\n`);
        }
      }),
    );
}

function showCommand(): Command {
  return new Command('show')
    .description('tell how far a run has come, and what failed in it')
    .argument('<id>', 'number of the run', wholeNumber)
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  perch runs show 3')
    .action(show);
}

function cancelCommand(): Command {
  return new Command('cancel')
    .description('end a run for good, also one that another Perch works on; its results stay')
    .argument('<id>', 'number of the run', wholeNumber)
    .addHelpText('after', '\nExample:\n  perch runs cancel 3')
    .action((run: number) =>
      withRuns(async ({ runs }, signal) => {
        process.stdout.write(`${inWords(await runs.cancel({ run }, signal))}\n`);
      }),
    );
}

type OpenRuns = ReturnType<typeof openRuns>;

function withRuns(
  work: (means: { store: Store; runs: OpenRuns }, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  return withStore(async ({ store, engine }, signal) => {
    const runs = openRuns(store, engine);
    try {
      await work({ store, runs }, signal);
    } finally {
      runs.close();
    }
  });
}

async function start(
  name: string,
  { method: names, class: classes, provider, json }: StartOptions,
): Promise<void> {
  await withRuns(async ({ store, runs }, signal) => {
    const dataset = store.datasets.named(name).id;
    const { store: keep } = openMethods(store);
    const methods: number[] = [];
    for (const method of names) {
      const definition = await methodFrom({ method });
      methods.push((await keep({ definition, label: nameOfPreset(method) }, signal)).id);
    }
    const run = await runs.start({ dataset, methods, provider, ...(classes ? { classes } : {}) }, signal);
    told(await followRun(runs, run, 'pause', signal), json);
  });
}

async function show(id: number, { json }: { json?: boolean }): Promise<void> {
  await withRuns(async ({ store, runs }, signal) => {
    const run = (await runs.list(undefined, signal)).runs.find((each) => each.id === id);
    if (!run)
      throw new PerchError('NOT_FOUND', `There is no run ${id}. perch runs list tells those there are.`);
    const { items: failed } = await runs.items({ run: id, state: 'failed', offset: 0, limit: 1000 }, signal);
    if (json) {
      process.stdout.write(`${JSON.stringify({ ...run, failed })}\n`);
      return;
    }
    const { name } = store.datasets.get(run.dataset);
    process.stdout.write(`${inWords(run)}\ndataset  ${name}: ${run.classes?.join(', ') ?? 'all classes'}\n`);
    for (const method of run.methods) process.stdout.write(`method   ${store.methods.get(method).label}\n`);
    if (run.device) process.stdout.write(`device   ${run.device}\n`);
    if (run.elsewhere) process.stdout.write(`${run.elsewhere}\n`);
    for (const { textureClass, imageName, error } of failed)
      process.stdout.write(`failed   ${textureClass} ${imageName}: ${error?.message ?? ''}\n`);
  });
}

/** Prints what became of a run; failures are the command's. */
function told(run: Run, json: boolean | undefined): void {
  process.stdout.write(json ? `${JSON.stringify(run)}\n` : `${inWords(run)}\n`);
  if (run.counts.failed > 0 || run.state !== 'done') process.exitCode = 1;
}

/** "run 3  done  40 of 42 done, 2 failed" */
function inWords({ id, state, counts, total }: Run): string {
  const rest = (['failed', 'canceled'] as const)
    .filter((which) => counts[which] > 0)
    .map((which) => `, ${counts[which]} ${which}`);
  return `run ${id}  ${state}  ${counts.done} of ${total} done${rest.join('')}`;
}
