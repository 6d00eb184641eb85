import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import packageJson from '../../../../package.json' with { type: 'json' };
import type { Dataset } from '../../../common/api/datasets.ts';
import { PerchError } from '../../../common/api/errors.ts';
import type { ProviderChoice } from '../../../common/api/schemas.ts';
import { writeFileAtomic } from '../../../files/write.ts';
import { presets } from '../../../methods/presets/presets.ts';
import { htmlLeaderboard } from '../../../services/leaderboard/html.ts';
import type { Leaderboard, RankedDataset } from '../../../services/leaderboard/leaderboard.ts';
import { rankDataset } from '../../../services/leaderboard/rank-dataset.ts';
import { csvLeaderboard, textRows } from '../../../services/leaderboard/tables.ts';
import { importOption, resolveDataset } from '../options/dataset-argument.ts';
import { providerOption } from '../options/image-options.ts';
import { ignoreBorderOption, proFprLimitOption } from '../options/metric-options.ts';
import { collect, nonNegativeInteger, nonNegativeNumber, positiveInteger } from '../options/parsers.ts';
import { displayPath } from '../output/display-path.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printError, printLine } from '../output/print.ts';
import { formatTable } from '../output/table.ts';
import { runMethods } from '../leaderboard/run-methods.ts';
import { createProgressBar } from '../progress/progress-bar.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

interface BenchOptions extends JsonOption {
  import?: boolean;
  method?: string[];
  out: string;
  ignoreBorder?: number;
  proFprLimit: number;
  resamples: number;
  seed: number;
  maxMinutes?: number;
  provider: ProviderChoice;
}

/** Resamples of each class: a percentile interval needs about a thousand. */
const RESAMPLES = 1000;

export function methodsBenchCommand(): Command {
  return new Command('bench')
    .description(
      'Compare methods on datasets and write a leaderboard with 95 % intervals, time and memory. Missing results are computed first.',
    )
    .summary('compare methods on datasets in a leaderboard')
    .argument('<dataset...>', 'names or folders of datasets')
    .addOption(importOption())
    .option(
      '--method <name>',
      'preset, JSON file, network:NAME, or system whose maps were imported; can be repeated (default: every preset except those of Table 1)',
      collect,
    )
    .requiredOption('--out <folder>', 'folder for leaderboard.html, leaderboard.csv and leaderboard.json')
    .addOption(
      ignoreBorderOption(
        'pixels to ignore at each side, for all methods and datasets (default: set by the layout of each dataset)',
      ),
    )
    .addOption(proFprLimitOption())
    .option('--resamples <N>', 'bootstrap resamples of each class, 100 to 10000', resamplesOption, RESAMPLES)
    .option('--seed <N>', 'seed of the resamples, a whole number', seedOption, 0)
    .option(
      '--max-minutes <x>',
      'leave out methods that are estimated to take longer on a dataset',
      nonNegativeNumber,
    )
    .addOption(providerOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Results, metrics, intervals and memory are stored and reused: an interrupted bench continues where it stopped. A method that cannot
run (its model is missing, a class has no normal images) is listed with the reason, and the exit code is 1.

Examples:
  perch methods bench fabrics --out board
  perch methods bench carpet/ tile/ --import --method default --method saliency-rc --out board
  perch methods bench fabrics --method default --method network:dinomaly --ignore-border 32 --out board`,
    )
    .action((datasets: string[], options: BenchOptions) =>
      runCommand((context) => bench(datasets, options, context)),
    );
}

async function bench(names: string[], options: BenchOptions, context: CommandContext): Promise<void> {
  const { ignoreBorder, proFprLimit, resamples, seed } = options;
  const wanted = [...new Set(options.method ?? defaultMethods())];
  const datasets: Dataset[] = [];
  for (const name of names)
    datasets.push(await resolveDataset(name, options.import && existsSync(name), context));
  const ranked: RankedDataset[] = [];
  for (const dataset of new Map(datasets.map((each) => [each.id, each])).values())
    ranked.push(await benchDataset(dataset, wanted, options, context));
  const board: Leaderboard = {
    madeAt: new Date().toISOString(),
    perch: packageJson.version,
    devices: [...new Set(ranked.flatMap(({ methods }) => methods.flatMap(({ devices }) => devices)))],
    ignoreBorder: ignoreBorder ?? null,
    proFprLimit,
    resamples,
    seed,
    datasets: ranked,
  };
  const files = {
    'leaderboard.html': htmlLeaderboard(board),
    'leaderboard.csv': csvLeaderboard(board),
    'leaderboard.json': `${JSON.stringify(board, null, 2)}\n`,
  };
  for (const [name, content] of Object.entries(files))
    await writeFileAtomic(join(options.out, name), Buffer.from(content));
  if (options.json) printJson(board);
  else {
    ranked.forEach(printDataset);
    printLine(
      Object.keys(files)
        .map((name) => displayPath(join(options.out, name)))
        .join('  '),
    );
  }
  if (ranked.some(({ methods }) => methods.length === 0))
    throw new PerchError(
      'NO_GROUND_TRUTH',
      `No method could be evaluated on ${ranked
        .filter(({ methods }) => methods.length === 0)
        .map(({ name }) => name)
        .join(', ')}.`,
    );
  if (ranked.some(({ omitted }) => omitted.length > 0)) process.exitCode = 1;
}

function resamplesOption(text: string): number {
  const count = positiveInteger(text);
  if (count < 100 || count > 10_000)
    throw new InvalidArgumentError('Must be a whole number from 100 to 10000.');
  return count;
}

function seedOption(text: string): number {
  const seed = nonNegativeInteger(text);
  if (seed >= 2 ** 32) throw new InvalidArgumentError('Must be below 4294967296.');
  return seed;
}

function defaultMethods(): string[] {
  return presets.map(({ name }) => name).filter((name) => !name.startsWith('table1/'));
}

/** Runs the methods on a dataset and ranks them. */
async function benchDataset(
  dataset: Dataset,
  names: readonly string[],
  options: BenchOptions,
  context: CommandContext,
): Promise<RankedDataset> {
  const { provider, ignoreBorder, proFprLimit, resamples, seed } = options;
  const { methods, omitted } = await runMethods(dataset, names, options, context);
  const bar = await createProgressBar();
  bar?.start(100, 0, { name: dataset.name });
  try {
    return await rankDataset(
      context,
      { dataset: dataset.id, methods, provider, ignoreBorder, proFprLimit, resamples, seed },
      omitted,
      context.signal,
      (fraction) => bar?.update(Math.round(100 * fraction)),
    );
  } finally {
    bar?.stop();
  }
}

function printDataset(dataset: RankedDataset): void {
  const { name, classes, ignoreBorder, omitted, notes } = dataset;
  printLine(`${name}: mean of ${classes.map((each) => each.name).join(', ')}; ${ignoreBorder} px ignored`);
  process.stdout.write(formatTable(textRows(dataset)));
  printLine();
  for (const { method, classes: where, reason } of omitted)
    printError(`${name}: ${method} could not run${where ? ` on ${where.join(', ')}` : ''}: ${reason}`);
  for (const note of notes) printError(`${name}: ${note}`);
}
