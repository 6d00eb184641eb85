import type { CalibrationRule, RecipeRevision } from '../../../src-main/common/api/recipes.ts';
import { percentText } from '../../../src-main/common/decisions/calibration-problem.ts';

/** The new calibration of a revision in a line: "No false reject, 10 good images, T1 = T2 = 0.0173"; undefined if it has none. */
export function calibrationSummary({ changes, definition }: RecipeRevision): string | undefined {
  const { calibration, thresholds } = definition;
  if (!thresholds || !changes.some((change) => /^(calibration|thresholds)\b/.test(change))) return undefined;
  const { review, reject } = thresholds;
  const limits =
    review === reject ? `T1 = T2 = ${format(reject)}` : `T1 ${format(review)}, T2 ${format(reject)}`;
  if (!calibration || calibration.rule.type === 'manual') return `Set by hand, ${limits}`;
  const images = [
    calibration.good > 0 && `${calibration.good} good`,
    calibration.defective > 0 && `${calibration.defective} defective`,
  ].filter(Boolean);
  return [ruleTitle(calibration.rule), `${images.join(' and ')} images`, limits].join(', ');
}

function ruleTitle(rule: CalibrationRule): string {
  switch (rule.type) {
    case 'false-rejects':
      return rule.rate === 0 ? 'No false reject' : `At most ${percentText(rule.rate)} false rejects`;
    case 'no-escape':
      return 'No escape';
    case 'review':
      return `At most ${percentText(rule.rate)} to review`;
    case 'cost':
      return 'Least cost';
    case 'manual':
      return 'Set by hand';
  }
}

const format = (score: number) => String(Number(score.toPrecision(4)));
