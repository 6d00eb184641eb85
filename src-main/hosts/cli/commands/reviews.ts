import { Command, Option } from 'commander';
import { type Agreement, type Session, type Summary, verdict } from '../../../common/api/sessions.ts';
import { writeFileAtomic } from '../../../files/write.ts';
import type { Store } from '../../../store/store.ts';
import { positiveInteger } from '../options/parsers.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { formatCount, formatTable } from '../output/table.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

export function reviewsCommand(): Command {
  return new Command('reviews')
    .description(
      'List, summarize, compare and export review sessions. Reviews are created in the Perch window.',
    )
    .summary('list, summarize, compare and export reviews')
    .addCommand(listCommand())
    .addCommand(summaryCommand())
    .addCommand(compareCommand())
    .addCommand(exportCommand())
    .addHelpText('after', '\nExamples:\n  perch reviews list\n  perch reviews compare 3 4');
}

function listCommand(): Command {
  return new Command('list')
    .description('list the reviews, newest first')
    .option('--dataset <name>', 'list the reviews of this dataset only')
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  perch reviews list\n  perch reviews list --dataset fabrics')
    .action((options: ListOptions) => runCommand((context) => list(options, context)));
}

function summaryCommand(): Command {
  return new Command('summary')
    .description("count a review's verdicts against ground truth and scores")
    .argument('<id>', 'number of the review', positiveInteger)
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch reviews summary 3')
    .action((id: number, options: JsonOption) => runCommand((context) => summarize(id, options, context)));
}

function compareCommand(): Command {
  return new Command('compare')
    .description("compare two reviews of the same images: Cohen's kappa and disagreements")
    .argument('<first>', 'number of a review', positiveInteger)
    .argument('<second>', 'number of another review', positiveInteger)
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch reviews compare 3 4')
    .action((first: number, second: number, options: JsonOption) =>
      runCommand((context) => compare(first, second, options, context)),
    );
}

function exportCommand(): Command {
  return new Command('export')
    .description('export a review as a table with one row per image')
    .argument('<id>', 'number of the review', positiveInteger)
    .addOption(
      new Option('--format <name>', 'format of the table; json adds the summary')
        .choices(['csv', 'json'])
        .default('csv'),
    )
    .option('--out <file>', 'file to write (default: standard output)')
    .addHelpText(
      'after',
      '\nExamples:\n  perch reviews export 3 > review.csv\n  perch reviews export 3 --format json --out review.json',
    )
    .action((id: number, options: ExportOptions) =>
      runCommand((context) => exportReview(id, options, context)),
    );
}

interface ListOptions extends JsonOption {
  dataset?: string;
}

interface ExportOptions {
  format: 'csv' | 'json';
  out?: string;
}

async function list(
  { dataset, json }: ListOptions,
  { store, services, signal }: CommandContext,
): Promise<void> {
  const filter = dataset === undefined ? {} : { dataset: store.datasets.getByName(dataset).id };
  const { sessions } = await services.sessions.list(filter, signal);
  if (json) return sessions.forEach(printJson);
  if (sessions.length === 0) return printLine('There are no reviews. Start one in the Perch window.');
  const width = Math.max(...sessions.map(({ id }) => String(id).length));
  for (const session of sessions)
    printLine(`${String(session.id).padStart(width)}  ${formatReview(store, session)}`);
}

async function summarize(
  session: number,
  { json }: JsonOption,
  { store, services, signal }: CommandContext,
): Promise<void> {
  const summary = await services.sessions.summary({ session }, signal);
  if (json) return printJson(summary);
  printSummary(store, summary);
}

async function compare(
  first: number,
  second: number,
  { json }: JsonOption,
  { store, services, signal }: CommandContext,
): Promise<void> {
  const agreement = await services.sessions.agreement({ first, second }, signal);
  if (json) return printJson(agreement);
  const operators = [first, second].map((id) => store.sessions.get(id).operator);
  printAgreement(store, operators, agreement);
}

async function exportReview(
  session: number,
  { format, out }: ExportOptions,
  { services, signal }: CommandContext,
): Promise<void> {
  const { content } = await services.sessions.export({ session, format }, signal);
  if (out === undefined) process.stdout.write(content);
  else await writeFileAtomic(out, Buffer.from(content));
}

/** "Review 3: Ada, fabrics (gabor + fca), 40 of 49 reviewed, finished" */
function formatReview(
  store: Store,
  { name, operator, dataset, method, reviewed, total, endedAt }: Session,
): string {
  const heatmaps = method === null ? '' : ` (${store.methods.get(method).label})`;
  const end = endedAt === null ? '' : ', finished';
  return `${name}: ${operator}, ${store.datasets.get(dataset).name}${heatmaps}, ${reviewed} of ${total} reviewed${end}`;
}

function printSummary(store: Store, summary: Summary): void {
  const { session, verdicts, byGroundTruth, byScore, defectTypes, secondsPerImage } = summary;
  const truths = ['masked', 'normal', 'unknown'] as const;
  const scores = ['above', 'below', 'unknown'] as const;
  const head = [
    'verdict',
    'images',
    ...truths.map((truth) => `truth:${truth}`),
    ...scores.map((side) => `score:${side}`),
  ];
  const rows = verdict.options.map((given) => [
    given,
    verdicts[given],
    ...truths.map((truth) => byGroundTruth[given][truth]),
    ...scores.map((side) => byScore[given][side]),
  ]);
  printLine(`${formatReview(store, session)}\n`);
  process.stdout.write(formatTable([head, ...rows]));
  printLine();
  const { kappaGroundTruth, kappaScore } = summary;
  printLine(
    `kappa of reject and accept: ${formatKappa(kappaGroundTruth)} with ground truth, ${formatKappa(kappaScore)} with scores`,
  );
  if (defectTypes.length > 0)
    printLine(
      `defect types: ${defectTypes.map(({ defectType, images }) => `${defectType} ${images}`).join(', ')}`,
    );
  if (secondsPerImage !== null) printLine(`${secondsPerImage.toFixed(1)} s per image`);
}

function printAgreement(
  store: Store,
  [first, second]: string[],
  { both, kappa, observed, table, disagreements }: Agreement,
): void {
  const same = observed === null ? '-' : `${(100 * observed).toFixed(1)} %`;
  printLine(
    `${formatCount(both, 'image')} in both reviews, the same verdict on ${same}, kappa ${formatKappa(kappa)}\n`,
  );
  const rows = verdict.options.map((ofFirst) => [
    ofFirst,
    ...verdict.options.map((ofSecond) => table[ofFirst][ofSecond]),
  ]);
  process.stdout.write(formatTable([[`${first} \\ ${second}`, ...verdict.options], ...rows]));
  if (disagreements.length > 0) printLine();
  for (const { image, first: ofFirst, second: ofSecond } of disagreements) {
    const { textureClass, name } = store.images.get(image);
    printLine(`${textureClass}/${name}: ${ofFirst.verdict}, ${ofSecond.verdict}`);
  }
}

const formatKappa = (value: number | null): string => (value === null ? 'undefined' : value.toFixed(3));
