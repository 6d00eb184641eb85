import { Command, InvalidArgumentError } from 'commander';
import { by } from '../../api/annotation.ts';
import { openAnnotation } from '../../services/annotation/annotation.ts';
import { lastOf } from './last-of.ts';
import { tellProblems } from './problems.ts';
import { withStore } from './with-store.ts';

export function masksCommand(): Command {
  return new Command('masks')
    .description('ground truth as files: masks in the MVTec AD layout, out of the store and into it')
    .addCommand(exportCommand())
    .addCommand(importCommand());
}

function exportCommand(): Command {
  return new Command('export')
    .description('write the latest masks of a dataset as CLASS/ground_truth/KIND/STEM_mask.png')
    .argument('<dataset>', 'name of the dataset')
    .argument('<folder>', 'new or empty folder to write to')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  perch masks export fabrics masks/')
    .action(exportMasks);
}

function importCommand(): Command {
  return new Command('import')
    .description('read masks of that layout as new revisions; none that is there is lost')
    .argument('<dataset>', 'name of the dataset')
    .argument('<folder>', 'folder with CLASS/ground_truth, or that of one class')
    .requiredOption('--author <name>', 'who drew them', nameOfPerson)
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  perch masks import fabrics masks/ --author Ada')
    .action(importMasks);
}

function exportMasks(name: string, folder: string, { json }: { json?: boolean }): Promise<void> {
  return withStore(async ({ store, engine }, signal) => {
    const dataset = store.datasets.named(name).id;
    const events = await openAnnotation(store, engine).export({ dataset, folder }, signal);
    const { written, problems } = await lastOf(events, 'done');
    if (json) return void process.stdout.write(`${JSON.stringify({ written, problems })}\n`);
    process.stdout.write(`${written} masks were written to ${folder}.\n`);
    tellProblems(problems);
  });
}

function importMasks(
  name: string,
  folder: string,
  { author, json }: { author: string; json?: boolean },
): Promise<void> {
  return withStore(async ({ store, engine }, signal) => {
    const dataset = store.datasets.named(name).id;
    const events = await openAnnotation(store, engine).import({ dataset, folder, author }, signal);
    const { written, problems } = await lastOf(events, 'done');
    if (json) return void process.stdout.write(`${JSON.stringify({ written, problems })}\n`);
    process.stdout.write(`${written} images have new ground truth.\n`);
    tellProblems(problems);
  });
}

function nameOfPerson(text: string): string {
  const { data } = by.shape.author.safeParse(text);
  if (data === undefined) throw new InvalidArgumentError('It must be a name of up to 100 letters.');
  return data;
}
