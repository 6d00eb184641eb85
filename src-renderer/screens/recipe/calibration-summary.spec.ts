import { describe, expect, it } from 'vitest';
import type { CalibrationRecord, RecipeDefinition } from '../../../src-main/common/api/recipes.ts';
import { aRecipe } from '../../state/test/recipes.ts';
import { calibrationSummary } from './calibration-summary.ts';

const calibration: CalibrationRecord = {
  rule: { type: 'false-rejects', rate: 0 },
  source: 'train',
  good: 10,
  defective: 0,
  guaranteedFalseRejects: 1 / 11,
  goodScores: null,
  imagesSha256: '',
};
const revisionOf = (definition: Partial<RecipeDefinition>, changes: string[]) => ({
  ...aRecipe({ definition }).latest,
  changes,
});

describe('calibrationSummary', () => {
  it('names rule, images and thresholds', () => {
    const one = { thresholds: { review: 0.017343, reject: 0.017343 }, calibration };
    expect(calibrationSummary(revisionOf(one, ['thresholds.review: none -> 0.0173']))).toBe(
      'No false reject, 10 good images, T1 = T2 = 0.01734',
    );
    const two = {
      thresholds: { review: 0.5, reject: 2 },
      calibration: { ...calibration, rule: { type: 'review', rate: 0.05 } as const, defective: 3 },
    };
    expect(calibrationSummary(revisionOf(two, ['calibration.rule.type: no-escape -> review']))).toBe(
      'At most 5 % to review, 10 good and 3 defective images, T1 0.5, T2 2',
    );
  });

  it('says that thresholds were set by hand', () => {
    const manual = { thresholds: { review: 1, reject: 1 } };
    expect(calibrationSummary(revisionOf(manual, ['thresholds.review: 2 -> 1']))).toBe(
      'Set by hand, T1 = T2 = 1',
    );
  });

  it('has nothing to say of other revisions', () => {
    const kept = { thresholds: { review: 1, reject: 1 }, calibration };
    expect(calibrationSummary(revisionOf(kept, ['mmPerPixel: none -> 0.1']))).toBeUndefined();
    expect(calibrationSummary(revisionOf({}, ['thresholds.review: 1 -> none']))).toBeUndefined();
  });
});
