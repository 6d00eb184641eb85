import type { RecipeDefinition, ScoredImage, Validation } from '../../../common/api/recipes.ts';
import { percentText } from '../../../common/decisions/calibration-problem.ts';
import { confusionTable, type DecidedImage, DECISIONS } from '../../../common/decisions/confusion.ts';
import { decide } from '../../../common/decisions/decide.ts';
import { leaveOneOut } from '../../../common/decisions/leave-one-out.ts';
import { printLine } from './print.ts';
import { formatCount, formatTable } from './table.ts';

/**
 * Prints how a calibrated recipe decides the inspected images. Images that calibrate are decided by the thresholds
 * of the others.
 */
export function printConfusion(images: readonly ScoredImage[], definition: RecipeDefinition): void {
  const { calibration, regionLimits } = definition;
  const left = calibration ? leaveOneOut(images, calibration.rule, calibration.source, regionLimits) : [];
  const leftOut = new Map(left.map((each) => [each.image, each]));
  const { rows } = confusionTable(
    images.map(
      (image): DecidedImage => leftOut.get(image.image) ?? { ...image, ...decide(image, definition) },
    ),
  );
  const lines = rows
    .filter(({ total }) => total > 0)
    .map(({ label, cells, total }) => [
      `${label} (${total})`,
      ...DECISIONS.map((decision) => {
        const { count, of, low, high } = cells[decision];
        return `${count}, ${percentText(count / of)} (${percentText(low)} to ${percentText(high)})`;
      }),
    ]);
  process.stdout.write(formatTable([['', ...DECISIONS], ...lines]));
  const note = `${formatCount(left.length, 'calibration image')} decided by the thresholds of the others (leave-one-out)`;
  printLine(`95 % intervals; ${note}.`);
}

export function printValidation(validation: Validation): void {
  const { splits, calibrating, guaranteedFalseRejects, falseRejects, escapes, review } = validation;
  printLine(`${formatCount(splits, 'split')}, ${formatCount(calibrating, 'good image')} calibrate in each`);
  const row = (name: string, rate: Validation['review'], note = '') =>
    rate === null
      ? [name, 'no images left', '', note]
      : [name, percentText(rate.mean), `(${percentText(rate.low)} to ${percentText(rate.high)})`, note];
  const guarantee =
    guaranteedFalseRejects === null ? '' : `guaranteed: at most ${percentText(guaranteedFalseRejects)}`;
  process.stdout.write(
    formatTable([
      row('false rejects', falseRejects, guarantee),
      row('escapes', escapes),
      row('to review', review),
    ]),
  );
}
