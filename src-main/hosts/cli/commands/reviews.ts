import { Command, Option } from 'commander';
import { writeFileAtomic } from '../../../files/write.ts';
import { positiveInteger } from '../options/parsers.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { formatReview, printAgreement, printSummary } from '../output/print-reviews.ts';
import { type CommandContext, runCommand } from '../run-command.ts';
import { adjudicateCommand, adoptCommand, goldCommand } from './reviews-adjudicate.ts';
import { createCommand } from './reviews-create.ts';

export function reviewsCommand(): Command {
  return new Command('reviews')
    .description(
      'Create, summarize, compare, adjudicate and export review sessions. Operators give verdicts in the Perch window.',
    )
    .summary('create, compare, adjudicate and export reviews')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(summaryCommand())
    .addCommand(compareCommand())
    .addCommand(adjudicateCommand())
    .addCommand(goldCommand())
    .addCommand(adoptCommand())
    .addCommand(exportCommand())
    .addHelpText(
      'after',
      '\nExamples:\n  perch reviews create fabrics --operator Ada --operator Bo --blind\n  perch reviews compare 3 4',
    );
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
  if (sessions.length === 0)
    return printLine('There are no reviews. Start one with perch reviews create or in the Perch window.');
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
