import { Command, Option } from 'commander';
import { type Agreement, type Session, type Summary, verdict } from '../../../common/api/sessions.ts';
import { writeFileAtomic } from '../../../files/write.ts';
import { openSessions } from '../../../services/sessions/sessions.ts';
import type { Store } from '../../../store/store.ts';
import { wholeNumber } from '../options/parsers.ts';
import { withStore } from '../with-store.ts';

export function sessionsCommand(): Command {
  return new Command('sessions')
    .description('review sessions: what was decided, how far it agrees, and tables of it')
    .addCommand(listCommand())
    .addCommand(summaryCommand())
    .addCommand(exportCommand())
    .addCommand(agreementCommand());
}

function listCommand(): Command {
  return new Command('list')
    .description('list the sessions of the store, newest first')
    .option('--dataset <name>', 'only those over this dataset')
    .option('--json', 'print one JSON object a line for each')
    .addHelpText('after', '\nExamples:\n  perch sessions list\n  perch sessions list --dataset fabrics')
    .action(list);
}

function summaryCommand(): Command {
  return new Command('summary')
    .description('count the verdicts of a session against ground truth and score')
    .argument('<id>', 'number of the session', wholeNumber)
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  perch sessions summary 3')
    .action(tellSummary);
}

function exportCommand(): Command {
  return new Command('export')
    .description('write a session as a table, a row an image')
    .argument('<id>', 'number of the session', wholeNumber)
    .addOption(new Option('--csv', 'as CSV (what is written by default)').conflicts('json'))
    .option('--json', 'as JSON, with the summary')
    .option('--out <file>', 'file to write to instead of the output')
    .addHelpText(
      'after',
      '\nExamples:\n  perch sessions export 3 --csv > review.csv\n  perch sessions export 3 --json --out review.json',
    )
    .action(exportSession);
}

function agreementCommand(): Command {
  return new Command('agreement')
    .description("compare two sessions over the same images: Cohen's kappa, and where they differ")
    .argument('<first>', 'number of a session', wholeNumber)
    .argument('<second>', 'number of another', wholeNumber)
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  perch sessions agreement 3 4')
    .action(tellAgreement);
}

interface Json {
  json?: boolean;
}

function list({ dataset, json }: Json & { dataset?: string }): Promise<void> {
  return withStore(async ({ store }, signal) => {
    const only = dataset === undefined ? {} : { dataset: store.datasets.named(dataset).id };
    const { sessions } = await openSessions(store).list(only, signal);
    if (json) return print(...sessions.map((session) => JSON.stringify(session)));
    if (sessions.length === 0) return print('There are no sessions yet. They are started in the window.');
    const width = Math.max(...sessions.map(({ id }) => String(id).length));
    print(...sessions.map((session) => `${String(session.id).padStart(width)}  ${lineOf(store, session)}`));
  });
}

function tellSummary(session: number, { json }: Json): Promise<void> {
  return withStore(async ({ store }, signal) => {
    const summary = await openSessions(store).summary({ session }, signal);
    print(...(json ? [JSON.stringify(summary)] : summaryLines(store, summary)));
  });
}

function exportSession(session: number, { json, out }: Json & { out?: string }): Promise<void> {
  return withStore(async ({ store }, signal) => {
    const format = json ? 'json' : 'csv';
    const { content } = await openSessions(store).export({ session, format }, signal);
    if (out === undefined) process.stdout.write(content);
    else await writeFileAtomic(out, Buffer.from(content));
  });
}

function tellAgreement(first: number, second: number, { json }: Json): Promise<void> {
  return withStore(async ({ store }, signal) => {
    const sessions = openSessions(store);
    const agreement = await sessions.agreement({ first, second }, signal);
    if (json) return print(JSON.stringify(agreement));
    const operators = [first, second].map((id) => store.sessions.get(id).operator);
    print(...agreementLines(store, operators, agreement));
  });
}

/** "Review 3: Ada over fabrics (gabor + fca), 40 of 49 reviewed, finished" */
function lineOf(
  store: Store,
  { name, operator, dataset, method, reviewed, total, endedAt }: Session,
): string {
  const heatmaps = method === null ? '' : ` (${store.methods.get(method).label})`;
  const over = `${operator} over ${store.datasets.get(dataset).name}${heatmaps}`;
  return `${name}: ${over}, ${reviewed} of ${total} reviewed${endedAt === null ? '' : ', finished'}`;
}

function summaryLines(store: Store, summary: Summary): string[] {
  const { session, verdicts, byGroundTruth, byScore, defectTypes, secondsPerImage } = summary;
  const head = ['verdict', 'images', 'masked', 'normal', 'unknown', 'above', 'below', 'unknown'];
  const rows = verdict.options.map((said) => [
    said,
    verdicts[said],
    ...(['masked', 'normal', 'unknown'] as const).map((known) => byGroundTruth[said][known]),
    ...(['above', 'below', 'unknown'] as const).map((score) => byScore[said][score]),
  ]);
  return [
    lineOf(store, session),
    '',
    `${''.padEnd(17)}  ground truth${''.padEnd(11)}  score`,
    ...[head, ...rows].map(rowOf),
    '',
    `kappa of reject and accept: ${decimals(summary.kappaGroundTruth)} with ground truth, ${decimals(summary.kappaScore)} with score`,
    ...(defectTypes.length > 0
      ? [`defects: ${defectTypes.map(({ defectType, images }) => `${defectType} ${images}`).join(', ')}`]
      : []),
    ...(secondsPerImage === null ? [] : [`${secondsPerImage.toFixed(1)} s an image`]),
  ];
}

function agreementLines(
  store: Store,
  [first, second]: string[],
  { both, kappa, observed, table, disagreements }: Agreement,
): string[] {
  const images = new Map(disagreements.map(({ image }) => [image, store.images.get(image)]));
  return [
    `${both} images reviewed by both; the same verdict on ${observed === null ? '-' : `${(100 * observed).toFixed(1)} %`}, kappa ${decimals(kappa)}`,
    '',
    rowOf([`${first} \\ ${second}`, ...verdict.options]),
    ...verdict.options.map((mine) => rowOf([mine, ...verdict.options.map((other) => table[mine][other])])),
    ...(disagreements.length > 0 ? [''] : []),
    ...disagreements.map(({ image, first: mine, second: other }) => {
      const { textureClass, name } = images.get(image) ?? { textureClass: '', name: image };
      return `${textureClass}/${name}: ${mine.verdict}, ${other.verdict}`;
    }),
  ];
}

const rowOf = (cells: readonly (string | number)[]): string =>
  cells.map((cell, at) => (at === 0 ? String(cell).padEnd(9) : String(cell).padStart(8))).join('');

const decimals = (value: number | null): string => (value === null ? 'not defined' : value.toFixed(3));

function print(...lines: string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}
