import { Command } from 'commander';
import { assessCommand } from './roll-assess.ts';
import { certificateCommand } from './roll-certificate.ts';
import { gradeCommand, mapCommand } from './roll-grade.ts';
import { importCommand, inspectCommand, listCommand, setCommand } from './roll-import.ts';
import { addRuleCommand, removeRuleCommand, rulesCommand } from './roll-rules.ts';

export function rollCommand(): Command {
  return new Command('roll')
    .description(
      'Import, inspect and grade rolls: strips of material as one long image, or as consecutive frames.',
    )
    .summary('import, inspect and grade rolls')
    .addCommand(importCommand())
    .addCommand(listCommand())
    .addCommand(setCommand())
    .addCommand(inspectCommand())
    .addCommand(gradeCommand())
    .addCommand(mapCommand())
    .addCommand(assessCommand())
    .addCommand(certificateCommand())
    .addCommand(rulesCommand())
    .addCommand(addRuleCommand())
    .addCommand(removeRuleCommand())
    .addHelpText(
      'after',
      `
A roll is an image of a dataset: recipes, reviews, annotations and exports work on it as on any other.

Examples:
  perch roll import frames/roll-17 --article "Twill 240" --lot L-17 --mm-per-pixel 0.1
  perch roll inspect roll-17
  perch roll grade roll-17 --rule four-point
  perch roll certificate roll-17 --out roll-17.html`,
    );
}
