import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Dataset } from '../../../common/api/datasets.ts';
import { PerchError } from '../../../common/api/errors.ts';
import { type Cell, metricName } from '../../../common/api/evaluation.ts';
import type { StoredMethod } from '../../../common/api/runs.ts';
import type { ProviderChoice } from '../../../common/api/schemas.ts';
import { writeFileAtomic } from '../../../files/write.ts';
import { nameOfPreset } from '../../../services/preset-files.ts';
import type { Services } from '../../../services/services.ts';
import { methodFrom } from '../options/method-options.ts';
import { ignoreBorderOption, proLimitOption } from '../options/metric-options.ts';
import { providerOption } from '../options/shared-options.ts';
import { progressBar } from '../progress/progress-bar.ts';
import { runMissing } from '../progress/ensure-results.ts';
import { until } from '../progress/first-match.ts';
import { withServices } from '../with-services.ts';

interface EvaluateOptions {
  methods: string[];
  ignoreBorder?: number;
  proFprLimit: number;
  json?: boolean;
  csv?: boolean;
  html?: string;
  provider: ProviderChoice;
}

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('measure methods on a dataset with ground truth, class by class; runs what is missing first')
    .argument('<dataset>', 'name of a dataset, or a folder, which is imported first')
    .addOption(
      new Option('--methods <names>', 'presets, JSON files and imported systems; the first is the base')
        .default(['default'], 'default')
        .argParser(names),
    )
    .addOption(ignoreBorderOption('pixels cut at every side; what the layout says by default'))
    .addOption(proLimitOption())
    .addOption(new Option('--json', 'print every metric as JSON').conflicts(['csv', 'html']))
    .addOption(new Option('--csv', 'print every metric as CSV').conflicts('html'))
    .option('--html <file>', 'write a page with curves and examples, fit to print')
    .addOption(providerOption())
    .addHelpText(
      'after',
      `
Results are kept in the store: what was inspected or evaluated before is not done again.

Examples:
  perch evaluate fabrics/
  perch evaluate fabrics --methods default,saliency-rc,bellini
  perch evaluate fabrics --methods default,mine.json --ignore-border 32 --csv > metrics.csv
  perch evaluate fabrics --methods ours,aota --html fabrics.html`,
    )
    .action((dataset: string, options: EvaluateOptions) =>
      withServices((services, signal) => run(dataset, options, services, signal)),
    );
}

async function run(
  name: string,
  options: EvaluateOptions,
  services: Services,
  signal: AbortSignal,
): Promise<void> {
  const dataset = await datasetOf(name, services, signal);
  const methods: StoredMethod[] = [];
  for (const method of options.methods) methods.push(await methodNamed(method, dataset, services, signal));
  const own = methods.filter(({ definition }) => definition !== null).map(({ id }) => id);
  const { provider, ignoreBorder, proFprLimit } = options;
  const failed = await runMissing(services, { dataset: dataset.id, methods: own, provider }, signal);

  const scope = {
    dataset: dataset.id,
    methods: methods.map(({ id }) => id),
    proFprLimit,
    ...(ignoreBorder === undefined ? {} : { ignoreBorder }),
  };
  const format = options.html ? 'html' : options.csv ? 'csv' : options.json ? 'json' : 'text';
  const { content } = await services.evaluation.report({ ...scope, format }, signal);
  if (options.html) {
    await writeFileAtomic(options.html, Buffer.from(content));
    process.stdout.write(`${options.html}\n`);
  } else process.stdout.write(content);
  await refuseEmpty(services, scope, signal);
  if (failed > 0) {
    process.exitCode = 1;
    process.stderr.write(`perch: ${failed} inspections failed; the reasons are above.\n`);
  }
}

/** Metrics that are all undefined are no evaluation. What they lack is in the report; CSV has no place for it. */
async function refuseEmpty(
  services: Services,
  scope: Parameters<Services['evaluation']['table']>[0],
  signal: AbortSignal,
): Promise<void> {
  const cells: Cell[] = [];
  for await (const event of await services.evaluation.table(scope, signal)) {
    if (event.type === 'cell') cells.push(event.cell);
  }
  if (cells.some(({ metrics }) => metricName.options.some((name) => metrics[name] !== null))) return;
  const reasons = new Set(
    cells.map(({ textureClass, metrics }) => `${textureClass}: ${metrics.notes.join(' ')}`),
  );
  throw new PerchError('NO_GROUND_TRUTH', `Nothing could be evaluated. ${[...reasons].join(' ')}`);
}

/**
 * The dataset of that name, or that of a folder, which is imported where it is not in the store.
 *
 * @throws PerchError `NOT_FOUND`, naming those that there are
 */
export async function datasetOf(name: string, services: Services, signal: AbortSignal): Promise<Dataset> {
  const { datasets } = await services.datasets.list(undefined, signal);
  const known = datasets.find((dataset) => dataset.name === name);
  if (known) return known;
  if (!existsSync(name)) {
    const names = datasets.map((dataset) => dataset.name).join(', ');
    throw new PerchError(
      'NOT_FOUND',
      `There is no dataset and no folder "${name}". ${names ? `Datasets: ${names}.` : 'None was imported yet.'}`,
    );
  }
  const events = services.datasets.import({ paths: [name], layout: 'auto' }, signal);
  const bar = await progressBar();
  const { dataset, problems } = await until(events, (event) => {
    if (event.type === 'imported') return event;
    if (!bar?.isActive) bar?.start(event.total, event.done, { name: '' });
    bar?.update(event.done);
    return undefined;
  }).finally(() => bar?.stop());
  for (const { message } of problems) process.stderr.write(`perch: ${message}\n`);
  return dataset;
}

/** A preset, a preset file, or a method that has results in the dataset by its label there. */
async function methodNamed(
  name: string,
  dataset: Dataset,
  services: Services,
  signal: AbortSignal,
): Promise<StoredMethod> {
  const { methods } = await services.methods.used({ dataset: dataset.id }, signal);
  const used = methods.find(({ label }) => label === name);
  if (used?.definition === null) return used;
  try {
    const definition = await methodFrom({ method: name });
    return await services.methods.store({ definition, label: nameOfPreset(name) }, signal);
  } catch (thrown) {
    if (used) return used;
    throw thrown;
  }
}

function names(text: string): string[] {
  const given = text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  if (given.length === 0) throw new InvalidArgumentError('It must name at least one method.');
  return [...new Set(given)];
}
