import { Command } from 'commander';
import { presets } from '../../../methods/presets/presets.ts';
import { formatMethod } from '../../../services/methods/format-method.ts';
import {
  listNetworkPresets,
  loadPreset,
  presetText,
  writePreset,
} from '../../../services/methods/user-presets.ts';
import {
  addMethodOverrides,
  DEFAULT_METHOD,
  type MethodOverrides,
  resolveMethod,
} from '../options/method-options.ts';
import { displayPath } from '../output/display-path.ts';
import { methodsBenchCommand } from './methods-bench.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';

export function methodsCommand(): Command {
  return new Command('methods')
    .description('List the presets, show one, save your own, or compare methods on datasets.')
    .summary('list, show and save method presets, compare methods')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(saveCommand())
    .addCommand(methodsBenchCommand())
    .addHelpText(
      'after',
      `
A preset is a method with all its parameters, stored under a name. Your own presets are JSON files (docs/preset.schema.json).

Examples:
  perch methods list
  perch methods show ours-320
  perch methods save fine.json --method default --patch-size 5
  perch methods bench fabrics --out board`,
    );
}

function listCommand(): Command {
  return new Command('list')
    .description('list the presets and the imported networks')
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  perch methods list\n  perch methods list --json')
    .action(list);
}

function list({ json }: JsonOption): void {
  const all = [...presets, ...listNetworkPresets()];
  if (json) return all.forEach(printJson);
  const rows = all.map(({ name, title, method }) => [name, formatMethod(method), title]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column].length)));
  for (const [name, method, title] of rows)
    printLine(`${name.padEnd(widths[0])}  ${method.padEnd(widths[1])}  ${title}`);
}

function showCommand(): Command {
  return new Command('show')
    .description('print a preset as JSON')
    .argument('<name>', 'preset or JSON file')
    .addHelpText('after', '\nExamples:\n  perch methods show default\n  perch methods show table1/laws/fca')
    .action(async (name: string) => {
      process.stdout.write(presetText(await loadPreset(name)));
    });
}

interface SaveOptions extends MethodOverrides {
  method: string;
  title: string;
}

function saveCommand(): Command {
  const command = new Command('save')
    .description('save a user preset: an existing method with overrides')
    .argument('<file>', 'file to write; its name must end in .json')
    .option('--method <name>', 'preset or JSON file to start from', DEFAULT_METHOD)
    .option('--title <text>', 'one-line description', '');
  return addMethodOverrides(command)
    .addHelpText(
      'after',
      '\nExample:\n  perch methods save fine.json --method default --patch-size 5 --title "Fine weaves"',
    )
    .action(async (file: string, { title, method: base, ...overrides }: SaveOptions) => {
      if (!file.toLowerCase().endsWith('.json'))
        command.error('error: the name of the file must end in .json');
      const method = await resolveMethod(base, overrides);
      await writePreset(file, { title, method });
      printLine(`${displayPath(file)}  ${formatMethod(method)}`);
    });
}
