// Measures methods and writes docs/methods.md: npm run docs:methods -- FOLDER DATASET... [--max-minutes N]
// Datasets are names in the store. Results are stored, so the same command continues where it was interrupted. Methods that
// would take longer than N minutes on a dataset (default: 2) are left out; with 0, only stored results count. Without datasets,
// the page is written from the leaderboards in FOLDER.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import type { AnyMethod } from '../src-main/common/api/schemas.ts';
import { presets } from '../src-main/methods/presets/presets.ts';
import { systems } from '../src-main/methods/systems.ts';
import {
  type Leaderboard,
  meanOf,
  type RankedDataset,
  type Score,
} from '../src-main/services/leaderboard/leaderboard.ts';
import { presetText } from '../src-main/services/methods/user-presets.ts';
import { methodNeeds } from '../src-main/services/methods/method-needs.ts';
import { paperMetrics } from '../src-main/services/reports/paper.ts';

const root = join(import.meta.dirname, '..');
const page = join(root, 'docs/methods.md');

const gabor = { extractor: 'gabor', patchSize: 9 as const, reference: 'median', statistic: 'fca' };
/** Methods that are measured besides the presets, so that systems can be compared without their weights. */
const variants: Record<string, AnyMethod> = {
  'gabor67-fca': { ...gabor, extractor: 'gabor67' },
  'gabor-moments': { ...gabor, statistic: 'moments', reference: 'global' },
  'gabor-histogram': { ...gabor, statistic: 'histogram', reference: 'global' },
  'gabor-sww': { ...gabor, statistic: 'sww' },
  'gabor-qfca': { ...gabor, statistic: 'qfca' },
  'gabor-aota': { ...gabor, statistic: 'aota', reference: 'knn:400', resize: 320 },
  'gabor-patchcore': { extractor: 'gabor', coresetRatio: 0.1 },
};

/** The measured method to show where the weights of a system are missing. */
const substitutes: Record<string, string> = {
  PatchCore: 'gabor-patchcore',
  'Aota et al.': 'gabor-aota',
  FCA: 'default',
  AnomalyDINO: 'nearest',
  SubspaceAD: 'subspace',
  MuSc: 'mutual',
};

const { positionals, values: options } = parseArgs({
  allowPositionals: true,
  options: { 'max-minutes': { type: 'string', default: '2' } },
});
const [folder, ...datasets] = positionals;
if (folder === undefined) throw new Error('usage: make-methods.ts FOLDER DATASET... [--max-minutes N]');
if (datasets.length > 0) await measure();
const entries = await readdir(folder);
const measuredNames = entries.filter((name) => existsSync(join(folder, name, 'leaderboard.json')));
const boards: Leaderboard[] = [];
for (const name of measuredNames.sort((a, b) => order(a) - order(b)))
  boards.push(JSON.parse(await readFile(join(folder, name, 'leaderboard.json'), 'utf8')) as Leaderboard);
const [board] = boards;
const whole = { ...board, datasets: boards.flatMap((of) => of.datasets) };
const config = await resolveConfig(page);
await writeFile(page, await format(text(whole), { ...config, filepath: page }));

/** The samples are first. */
function order(name: string): number {
  return name === 'samples' ? 0 : 1;
}

async function measure(): Promise<void> {
  const names = await methodNames();
  for (const dataset of datasets) bench(dataset, names, join(folder, dataset));
}

/** Writes the variants as preset files, and names them and the presets as `--method` does. */
async function methodNames(): Promise<string[]> {
  const own = join(folder, 'presets');
  await mkdir(own, { recursive: true });
  const files: string[] = [];
  for (const [name, method] of Object.entries(variants)) {
    files.push(join(own, `${name}.json`));
    await writeFile(files[files.length - 1], presetText({ title: '', method }));
  }
  return [...files, ...presets.map(({ name }) => name)];
}

/** Runs the methods on a dataset. Methods that cannot run end in exit code 1, which is expected. */
function bench(dataset: string, names: readonly string[], out: string): void {
  const { status } = spawnSync(
    process.execPath,
    [
      join(root, 'src-main/hosts/cli/start.js'),
      'methods',
      'bench',
      dataset,
      ...names.flatMap((name) => ['--method', name]),
      '--out',
      out,
      '--max-minutes',
      options['max-minutes'],
    ],
    { stdio: ['ignore', 'inherit', 'ignore'] },
  );
  if (status !== 0 && status !== 1) throw new Error(`perch methods bench ended with ${status}`);
}

function text({ datasets: ranked, resamples, perch, devices, madeAt }: Leaderboard): string {
  const named = ranked.map(({ name }) => name);
  return `# Methods

Every system of the paper's Tables 1 to 4, and those of [method.md](method.md) that compare with other images: how it runs here, what it
needs, its license, and what it reached. "The paper" is Ardelean and Weyrich, WACV 2024. \`npm run docs:methods -- FOLDER DATASET...\`
measures again and writes this page (Perch ${perch}, ${devices.join('; ')}, ${madeAt.slice(0, 10)}). Other programs ran on the machine,
so times are upper limits and do not rank the methods.

${ranked.map(describe).join('\n')}

## Systems

AUPRO / AUROC / F1-max in percent, mean of the classes. "With" names the measured method where the weights of the system are missing:
it shows the principle, not the system. "Published" is AUPRO / AUROC on MVTec AD in the paper.

${table(
  ['System', 'In the paper', 'Runs here as', 'Needs', 'License', 'Published', ...named],
  systems.flatMap((system) => {
    const printed = published(system.paper);
    if ('imported' in system) {
      const none = named.map(() => 'not measured: needs its program or network');
      return [
        [
          system.name,
          system.place,
          system.imported,
          system.needs.join(', '),
          system.license,
          printed,
          ...none,
        ],
      ];
    }
    return system.presets.map((label) => {
      const method = presets.find(({ name }) => name === label)?.method;
      const { needs, license } = method ? methodNeeds(method) : { needs: ['no preset yet'], license: '' };
      const variant = system.presets.length > 1 ? `, ${label.split('/').at(-1)}` : '';
      const reached = ranked.map((dataset) => reachedBy(dataset, label, substitutes[system.name]));
      return [
        system.name + variant,
        system.place,
        `\`${label}\``,
        needs.join(', ') || 'nothing',
        license,
        printed,
        ...reached,
      ];
    });
  }),
)}

## Methods without weights

All methods that ran, with the 95 % interval of AUPRO from ${resamples} bootstrap resamples of the images of each class, seconds per
image and peak memory of the process.

${ranked.map(measured).join('\n')}`;
}

function describe({ name, classes, ignoreBorder }: RankedDataset): string {
  const sum = (of: 'images' | 'anomalousImages') => classes.reduce((total, each) => total + each[of], 0);
  return `- **${name}**: ${classes.map((each) => each.name).join(', ')}; ${sum('images')} images, ${sum('anomalousImages')} with defects; ${ignoreBorder} px ignored.`;
}

function published(system: string | undefined): string {
  const mean = system === undefined ? undefined : paperMetrics['MVTec AD'].mean[system];
  return mean ? `${mean.auPro?.toFixed(1) ?? '–'} / ${mean.auroc?.toFixed(1) ?? '–'}` : '–';
}

function reachedBy(dataset: RankedDataset, label: string, substitute: string | undefined): string {
  const own = metricsOf(dataset, label);
  if (own !== undefined) return own;
  const reason = `not measured: ${reasonOf(dataset, label)}`;
  if (substitute === undefined) return reason;
  const other = metricsOf(dataset, substitute);
  if (other !== undefined) return `with \`${substitute}\`: ${other}`;
  return `${reason}; \`${substitute}\`: ${reasonOf(dataset, substitute)}`;
}

/** Why a method has no metrics on a dataset. */
function reasonOf({ omitted }: Pick<RankedDataset, 'omitted'>, label: string): string {
  const reason = omitted.find(({ method }) => method === label)?.reason;
  if (reason === undefined) return 'was not asked for';
  if (/has not been imported/.test(reason)) return 'needs the published weights';
  if (/no normal training images/.test(reason)) return 'no normal images for training';
  const [minutes] = /about \d+ min/.exec(reason) ?? [];
  return minutes === undefined ? reason : `left out for time, ${minutes}`;
}

function metricsOf({ methods }: RankedDataset, label: string): string | undefined {
  const found = methods.find((method) => method.label === label);
  if (!found) return undefined;
  const { auPro, auroc, f1Max } = meanOf(found);
  return [auPro, auroc, f1Max].map(percent).join(' / ');
}

function measured({ name, methods, omitted }: RankedDataset): string {
  const rows = methods.map((method) => {
    const { auPro, auroc, f1Max, imageAuroc } = meanOf(method);
    const interval =
      auPro.low === null
        ? ''
        : `${percent({ ...auPro, value: auPro.low })} to ${percent({ ...auPro, value: auPro.high })}`;
    return [
      `\`${method.label}\``,
      method.definition,
      percent(auPro),
      interval,
      percent(auroc),
      percent(f1Max),
      percent(imageAuroc),
      method.secondsPerImage?.toFixed(2) ?? '–',
      method.peakBytes === null ? '–' : String(Math.round(method.peakBytes / 2 ** 20)),
    ];
  });
  const unmeasured = omitted.filter(({ reason }) => !/has not been imported/.test(reason));
  const left = unmeasured.map(({ method, classes }) => {
    const where = classes === null ? '' : ` on ${classes.join(', ')}`;
    return `- \`${method}\`${where}: ${reasonOf({ omitted }, method)}`;
  });
  return `### ${name}

${table(['Method', 'Definition', 'AUPRO', '95 %', 'AUROC', 'F1-max', 'I-AUROC', 's/image', 'MiB'], rows)}
${left.length === 0 ? '' : `\nNot measured, besides methods that need weights. Times are estimates for the images without a result:\n\n${left.join('\n')}\n`}`;
}

function percent({ value }: Score): string {
  return value === null ? '–' : (100 * value).toFixed(1);
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}
