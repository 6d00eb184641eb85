import { Command } from 'commander';
import { presets } from '../../../methods/presets/presets.ts';
import { methodInWords } from '../../../services/method-words.ts';
import { presetOf, presetText, writePreset } from '../../../services/preset-files.ts';
import { addMethodOptions, methodFrom, type MethodOptions } from '../options/method-options.ts';

export function methodsCommand(): Command {
  return new Command('methods')
    .description('list the presets of methods, show one, save your own')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(saveCommand())
    .addHelpText(
      'after',
      `
A preset is a method with all its parameters, under a name. Your own are JSON files (docs/preset.schema.json).

Examples:
  perch methods list
  perch methods show ours-320 > mine.json
  perch inspect cloth.png --method mine.json --patch-size 15`,
    );
}

function listCommand(): Command {
  return new Command('list')
    .description('the presets by name')
    .option('--json', 'print one JSON array')
    .addHelpText('after', '\nExamples:\n  perch methods list\n  perch methods list --json')
    .action(({ json }: { json?: boolean }) => {
      const lines = presets.map(({ name, title, method }) => [name, methodInWords(method), title] as const);
      const widths = [0, 1].map((column) => Math.max(...lines.map((line) => line[column].length)));
      const table = lines.map(
        ([name, words, title]) => `${name.padEnd(widths[0])}  ${words.padEnd(widths[1])}  ${title}`,
      );
      process.stdout.write(json ? `${JSON.stringify(presets)}\n` : `${table.join('\n')}\n`);
    });
}

function showCommand(): Command {
  return new Command('show')
    .description('print a preset as JSON')
    .argument('<name>', 'preset, or a JSON file')
    .addHelpText('after', '\nExample:\n  perch methods show table1/laws/fca')
    .action(async (name: string) => {
      process.stdout.write(presetText(await presetOf(name)));
    });
}

function saveCommand(): Command {
  const command = new Command('save')
    .description('write a preset of your own: one of those that there are, changed by the options')
    .argument('<file>', 'JSON file to write; its name ends in .json')
    .option('--title <text>', 'one line that says what it is', '');
  return addMethodOptions(command)
    .addHelpText(
      'after',
      '\nExample:\n  perch methods save fine.json --method default --patch-size 5 --title "Fine weaves"',
    )
    .action(async (file: string, { title, ...options }: MethodOptions & { title: string }) => {
      if (!file.toLowerCase().endsWith('.json'))
        command.error('error: the name of the file must end in .json');
      const method = await methodFrom(options);
      await writePreset(file, { title, method });
      process.stdout.write(`${file}  ${methodInWords(method)}\n`);
    });
}
