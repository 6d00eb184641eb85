import { Option } from 'commander';

/**
 * The one form of `--json` output (NDJSON): one JSON object per line. A command that lists or streams prints a line per item;
 * any other command prints exactly one line.
 */
export const jsonOption = () => new Option('--json', 'print JSON, one object per line');

/** The option's value in a command. */
export interface JsonOption {
  json?: boolean;
}

/** Writes one record of `--json` output. */
export function printJson(record: object): void {
  process.stdout.write(`${JSON.stringify(record)}\n`);
}
