import { Command } from 'commander';
import { dataDirectory } from '../../../files/data-dir.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { formatCount } from '../output/table.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

export function storeCommand(): Command {
  return new Command('store')
    .description('Show the data directory and its size, or remove unreferenced files from it.')
    .summary('show the data directory and its size; remove unreferenced files')
    .addCommand(pathCommand())
    .addCommand(infoCommand())
    .addCommand(gcCommand())
    .addHelpText(
      'after',
      `
The environment variable PERCH_HOME names another data directory.

Examples:
  perch store info
  perch store gc`,
    );
}

function pathCommand(): Command {
  return new Command('path')
    .description('print the path of the data directory')
    .addHelpText('after', '\nExample:\n  perch store path')
    .action(() => printLine(dataDirectory()));
}

function infoCommand(): Command {
  return new Command('info')
    .description("show the store's content and size")
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  perch store info\n  perch store info --json')
    .action((options: JsonOption) => runCommand((context) => showInfo(options, context)));
}

function gcCommand(): Command {
  return new Command('gc')
    .description('remove unreferenced files and outdated database backups')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Files of the last hour are kept, because a run may be about to reference them. So are the database backups of the last three days and the one made before the last schema change.

Example:
  perch store gc`,
    )
    .action((options: JsonOption) => runCommand((context) => collectGarbage(options, context)));
}

async function showInfo({ json }: JsonOption, { services, signal }: CommandContext): Promise<void> {
  const storage = await services.storage.stats(undefined, signal);
  if (json) return printJson(storage);
  const {
    dataDirectory,
    databaseBytes,
    blobs,
    blobBytes,
    backups,
    backupBytes,
    decodedBytes,
    unreferenced,
    unreferencedBytes,
  } = storage;
  printLine(dataDirectory);
  printLine(`database      ${megabytes(databaseBytes)}`);
  printLine(
    `files         ${megabytes(blobBytes)} in ${formatCount(blobs, 'map, mask or thumbnail', 'maps, masks and thumbnails')}`,
  );
  printLine(
    `backups ${megabytes(backupBytes)} in ${formatCount(backups, 'backup', 'backups')} of the database`,
  );
  printLine(`large images  ${megabytes(decodedBytes)} of decoded pixels, which can be made again`);
  printLine(`unreferenced  ${megabytes(unreferencedBytes)} in ${formatCount(unreferenced, 'file')}`);
}

async function collectGarbage({ json }: JsonOption, { services, signal }: CommandContext): Promise<void> {
  const { removed, bytes } = await services.storage.collectGarbage(undefined, signal);
  if (json) return printJson({ removed, bytes });
  printLine(`Removed ${formatCount(removed, 'file')}, ${megabytes(bytes)}.`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
