import { Command, InvalidArgumentError, Option } from 'commander';
import { type AuditEntry, auditSubject, type AuditSubject } from '../../../common/api/audit.ts';
import { auditChanges, type AuditChange, pathText, valueText } from '../../../common/audit/audit-changes.ts';
import { positiveInteger } from '../options/parsers.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

/** Entries that are shown by default. */
const SHOWN = 50;
/** Changed values of an entry in a line. JSON and CSV have all. */
const SHOWN_CHANGES = 6;

interface AuditOptions extends JsonOption {
  since?: string;
  by?: string;
  of?: AuditSubject;
  last?: number;
  csv?: boolean;
}

export function auditCommand(): Command {
  return new Command('audit')
    .description(
      'Show who changed what, and when: recipes, thresholds, regions, masks, verdicts and settings.',
    )
    .summary('show who changed what, and when')
    .option('--since <time>', 'entries since a date or time: 2026-03-01 or 2026-03-01T06:00Z', time)
    .option('--by <name>', 'entries of a person')
    .addOption(new Option('--of <type>', 'entries about a type of subject').choices(auditSubject.options))
    .option(
      '--last <number>',
      `latest entries (default: ${SHOWN}, or all with --json or --since)`,
      positiveInteger,
    )
    .addOption(new Option('--csv', 'print CSV').conflicts(['json', 'last']))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
The oldest entry is first, with its first changed values; --json and --csv print all. Entries are never changed or removed, not even with the dataset that they are about.

Examples:
  perch audit
  perch audit --since 2026-03-01 --of recipe
  perch audit --csv > audit-log.csv`,
    )
    .action((options: AuditOptions) => runCommand((context) => showAudit(options, context)));
}

async function showAudit(options: AuditOptions, { services, store, signal }: CommandContext): Promise<void> {
  const { since, by: actor, of: type, last, csv, json } = options;
  const filter = { since, actor, ...(type && { subject: { type } }) };
  if (csv) {
    const { content } = await services.audit.export({ ...filter, format: 'csv' }, signal);
    process.stdout.write(content);
    return;
  }
  const entries =
    last === undefined && (json || since !== undefined)
      ? store.audit.all(filter)
      : store.audit.list(filter, undefined, last ?? SHOWN).reverse();
  for (const entry of entries) {
    if (json) printJson(entry);
    else printLine(formatEntry(entry));
  }
}

/** "2026-03-01 06:12:09  Ada  recipe oxford  revised  revision: 1 -> 2; thresholds, reject: 0.018 -> 0.021" */
function formatEntry(entry: AuditEntry): string {
  const { at, actor, subject, action } = entry;
  const changes = auditChanges(entry);
  const shown = changes.slice(0, SHOWN_CHANGES).map(formatChange);
  if (changes.length > SHOWN_CHANGES) shown.push(`${changes.length - SHOWN_CHANGES} more`);
  const when = at.slice(0, 19).replace('T', ' ');
  return [when, actor, `${subject.type} ${subject.name}`.trimEnd(), action, shown.join('; ')]
    .filter(Boolean)
    .join('  ');
}

function formatChange({ path, before, after }: AuditChange): string {
  const name = path && `${pathText(path)}: `;
  if (before === undefined) return name + valueText(after);
  if (after === undefined) return `${name}was ${valueText(before)}`;
  return `${name}${valueText(before)} -> ${valueText(after)}`;
}

/** An ISO 8601 time. A date is its midnight in local time. */
function time(text: string): string {
  const date = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00`) : new Date(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(date.getTime()))
    throw new InvalidArgumentError('Must be a date or time, as in 2026-03-01 or 2026-03-01T06:00Z.');
  return date.toISOString();
}
