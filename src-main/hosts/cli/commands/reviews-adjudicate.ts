import { Command, Option } from 'commander';
import { writeFileAtomic } from '../../../files/write.ts';
import { positiveInteger } from '../options/parsers.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { formatReview, printAdoption, printGold } from '../output/print-reviews.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

interface AdjudicateOptions extends JsonOption {
  operator: string;
  name?: string;
}

interface GoldOptions extends JsonOption {
  format?: 'csv' | 'json';
  out?: string;
}

interface AdoptOptions extends JsonOption {
  author: string;
  overwrite?: boolean;
  preview?: boolean;
}

export function adjudicateCommand(): Command {
  return new Command('adjudicate')
    .description(
      'create a review of the images on which two reviews disagree; its verdicts are gold verdicts',
    )
    .argument('<first>', 'number of a review', positiveInteger)
    .argument('<second>', 'number of another review', positiveInteger)
    .requiredOption('--operator <name>', 'name of the adjudicator, who sees both verdicts')
    .option('--name <text>', 'name of the review')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch reviews adjudicate 3 4 --operator Cy')
    .action((first: number, second: number, options: AdjudicateOptions) =>
      runCommand((context) => adjudicate(first, second, options, context)),
    );
}

export function goldCommand(): Command {
  return new Command('gold')
    .description('print the gold verdicts of an adjudication, or export them as a table')
    .argument('<id>', 'number of the adjudication', positiveInteger)
    .addOption(new Option('--format <name>', 'export a table').choices(['csv', 'json']))
    .option('--out <file>', 'file to write (default: standard output)')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
The gold verdict is the adjudicator's, or the one on which both operators agree.

Example:
  perch reviews gold 5 --format csv --out gold.csv`,
    )
    .action((session: number, options: GoldOptions) =>
      runCommand((context) => gold(session, options, context)),
    );
}

export function adoptCommand(): Command {
  return new Command('adopt')
    .description('add the gold verdicts of an adjudication to the ground truth, as revisions')
    .argument('<id>', 'number of the adjudication', positiveInteger)
    .requiredOption('--author <name>', 'author of the revisions')
    .option('--overwrite', 'make accepted images normal even if they have a mask')
    .option('--preview', 'print what would change, and change nothing')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Accepted images become normal. Rejected images need a mask, so they stay unchanged until one is drawn.

Example:
  perch reviews adopt 5 --author Cy --preview`,
    )
    .action((session: number, options: AdoptOptions) =>
      runCommand((context) => adopt(session, options, context)),
    );
}

async function adjudicate(
  first: number,
  second: number,
  { operator, name, json }: AdjudicateOptions,
  { store, services, signal }: CommandContext,
): Promise<void> {
  const named = name === undefined ? {} : { name };
  const session = await services.sessions.adjudicate({ first, second, operator, ...named }, signal);
  if (json) printJson(session);
  else printLine(`${session.id}  ${formatReview(store, session)}`);
}

async function gold(
  session: number,
  { format, out, json }: GoldOptions,
  { store, services, signal }: CommandContext,
): Promise<void> {
  if (format === undefined && out === undefined) {
    const { verdicts } = await services.sessions.gold({ session }, signal);
    return json ? verdicts.forEach(printJson) : printGold(store, verdicts);
  }
  const { content } = await services.sessions.exportGold({ session, format: format ?? 'csv' }, signal);
  if (out === undefined) process.stdout.write(content);
  else await writeFileAtomic(out, Buffer.from(content));
}

async function adopt(
  session: number,
  { author, overwrite = false, preview = false, json }: AdoptOptions,
  { store, services, signal }: CommandContext,
): Promise<void> {
  const adoption = await services.sessions.adoptGold({ session, author, overwrite, preview }, signal);
  if (json) printJson(adoption);
  else printAdoption(store, adoption, preview);
}
