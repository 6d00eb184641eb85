import type { DecisionThresholds, Rate } from '../../common/api/recipes.ts';
import { percentText } from '../../common/decisions/calibration-problem.ts';
import { type ConfusionTable, decisionRates } from '../../common/decisions/confusion.ts';
import { formatScore } from '../recipes/format-score.ts';

/** The decisions of the recipe that decides a class, on the class's test images. */
export interface ClassDecisions {
  textureClass: string;
  /** Name of the recipe, and the revision that decides. */
  recipe: string;
  revision: number;
  thresholds: DecisionThresholds;
  table: ConfusionTable;
  /** Number of test images without a result of the recipe's method. */
  missing: number;
}

/** "review from 0.0121, reject from 0.0188"; one limit if they are equal. */
export function thresholdsText({ review, reject }: DecisionThresholds): string {
  const limit = `reject from ${formatScore(reject)}`;
  return review === reject ? limit : `review from ${formatScore(review)}, ${limit}`;
}

/** The rates of errors and reviews as sentences with their 95 % intervals. */
export function rateTexts({ table }: ClassDecisions): string[] {
  const { falseRejects, escapes, review } = decisionRates(table);
  return [
    rateText('false rejects', falseRejects, 'no good image'),
    rateText('escapes', escapes, 'no defective image'),
    rateText('to review', review, 'no image'),
  ];
}

function rateText(name: string, { count, of, low, high }: Rate, none: string): string {
  if (of === 0) return `${name}: ${none}`;
  return `${name} ${percentText(count / of)} (${count} of ${of}, 95 % interval ${percentText(low)} to ${percentText(high)})`;
}
