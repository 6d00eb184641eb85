import { Command } from 'commander';
import { readRegular } from '../../../files/read.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { runCommand } from '../run-command.ts';

export function rulesCommand(): Command {
  return new Command('rules')
    .description('list the grading rules')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch roll rules')
    .action(({ json }: JsonOption) =>
      runCommand(async ({ services, signal }) => {
        const { rules } = await services.rolls.rules(undefined, signal);
        if (json) return rules.forEach(printJson);
        const width = Math.max(...rules.map(({ name }) => name.length));
        for (const { name, title, added } of rules)
          printLine(
            `${name.padEnd(width)}  ${title}${added ? `  (${added.file}, ${added.at.slice(0, 10)})` : ''}`,
          );
      }),
    );
}

export function addRuleCommand(): Command {
  return new Command('add-rule')
    .description('check a grading rule of your own and add it, also for the window')
    .argument('<file>', 'JSON file (docs/grading.md); an added rule of the same name is replaced')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch roll add-rule ours.json')
    .action((file: string, { json }: JsonOption) =>
      runCommand(async ({ services, signal }) => {
        const text = (await readRegular(file)).toString();
        const rule = await services.rolls.addRule({ file, json: text }, signal);
        if (json) printJson(rule);
        else printLine(`Added "${rule.title}". Use it with --rule ${rule.name}.`);
      }),
    );
}

export function removeRuleCommand(): Command {
  return new Command('remove-rule')
    .description('remove an added grading rule; its file stays')
    .argument('<name>', 'name of the rule (see perch roll rules)')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch roll remove-rule ours')
    .action((name: string, { json }: JsonOption) =>
      runCommand(async ({ services, signal }) => {
        await services.rolls.removeRule({ name }, signal);
        if (json) printJson({ removed: name });
        else printLine(`Removed "${name}".`);
      }),
    );
}
