import type { CalibrationRecord, CalibrationRule } from '../../common/api/recipes.ts';
import { percentText } from '../../common/decisions/calibration-problem.ts';

/** A calibration in a few words: `no false reject, 10 good and 7 defective images (train), 1a2b3c4d`. */
export function calibrationText({ rule, good, defective, source, imagesSha256 }: CalibrationRecord): string {
  const images = defective > 0 ? `${good} good and ${defective} defective images` : `${good} good images`;
  return `${ruleText(rule)}, ${images} (${source}), ${imagesSha256.slice(0, 8)}`;
}

function ruleText(rule: CalibrationRule): string {
  switch (rule.type) {
    case 'false-rejects':
      return rule.rate === 0 ? 'no false reject' : `at most ${percentText(rule.rate)} false rejects`;
    case 'no-escape':
      return 'no escape';
    case 'review':
      return `at most ${percentText(rule.rate)} to review`;
    case 'cost':
      return 'least cost';
    case 'manual':
      return 'set manually';
  }
}
