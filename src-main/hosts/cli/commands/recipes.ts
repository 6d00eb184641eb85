import { Command } from 'commander';
import { createCommand } from './recipes-create.ts';
import { calibrateCommand, validateCommand } from './recipes-calibrate.ts';
import { exportCommand, importCommand } from './recipes-files.ts';
import { listCommand, showCommand } from './recipes-list.ts';
import { driftCommand, markGoodCommand } from './recipes-images.ts';
import { assignCommand, lockCommand, removeCommand, unlockCommand } from './recipes-use.ts';

export function recipesCommand(): Command {
  return new Command('recipes')
    .description(
      'Create, calibrate, validate and exchange recipes, which decide images: pass, review or reject.',
    )
    .summary('create, calibrate and validate recipes')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(markGoodCommand())
    .addCommand(calibrateCommand())
    .addCommand(validateCommand())
    .addCommand(driftCommand())
    .addCommand(lockCommand())
    .addCommand(unlockCommand())
    .addCommand(exportCommand())
    .addCommand(importCommand())
    .addCommand(assignCommand())
    .addCommand(removeCommand())
    .addHelpText(
      'after',
      `
A recipe has a method, size limits and two thresholds. Calibration derives the thresholds from good and defective images.

Examples:
  perch recipes create oxford --class oxford --dataset fabrics
  perch recipes calibrate oxford --good train --false-rejects 0
  perch recipes export oxford oxford.json`,
    );
}
