import { Command } from 'commander';
import { dataDirectory } from '../../../files/data-dir.ts';
import { openStorage } from '../../../services/storage/storage.ts';
import { withStore } from '../with-store.ts';

export function storeCommand(): Command {
  return new Command('store')
    .description('where Perch keeps datasets, results and annotations, and what they take up')
    .addCommand(pathCommand())
    .addCommand(describeCommand())
    .addCommand(tidyCommand())
    .addHelpText('after', '\nExample:\n  perch store describe');
}

function pathCommand(): Command {
  return new Command('path')
    .description('print the folder of the store (PERCH_HOME names another)')
    .addHelpText('after', '\nExample:\n  perch store path')
    .action(() => {
      process.stdout.write(`${dataDirectory()}\n`);
    });
}

function describeCommand(): Command {
  return new Command('describe')
    .description('tell what the store takes up, and what of it is not used')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  perch store describe')
    .action(({ json }: { json?: boolean }) =>
      withStore(async ({ store, engine }, signal) => {
        const storage = await openStorage(store, engine).describe(undefined, signal);
        if (json) {
          process.stdout.write(`${JSON.stringify(storage)}\n`);
          return;
        }
        const { home, databaseBytes, blobs, blobBytes, copies, copyBytes, orphans, orphanBytes } = storage;
        process.stdout.write(
          `${home}\n` +
            `database  ${megabytes(databaseBytes)}\n` +
            `files     ${megabytes(blobBytes)} in ${blobs} maps, masks and thumbnails\n` +
            `copies    ${megabytes(copyBytes)} in ${copies} copies of the database\n` +
            `not used  ${megabytes(orphanBytes)} in ${orphans} files\n`,
        );
      }),
    );
}

function tidyCommand(): Command {
  return new Command('tidy')
    .description(
      'remove files of the store that nothing refers to, and copies of the database that newer ones replace',
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nFiles of the last hour are left alone: a run may be about to refer to them. The copies of the last three days and the one\nbefore the last change of the schema stay.\n\nExample:\n  perch store tidy',
    )
    .action(({ json }: { json?: boolean }) =>
      withStore(async ({ store, engine }, signal) => {
        const tally = await openStorage(store, engine).tidy(undefined, signal);
        process.stdout.write(
          json
            ? `${JSON.stringify(tally)}\n`
            : `${tally.removed} files were removed, ${megabytes(tally.bytes)}.\n`,
        );
      }),
    );
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
