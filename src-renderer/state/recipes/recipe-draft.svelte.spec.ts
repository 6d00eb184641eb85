import { describe, expect, it } from 'vitest';
import type { CalibrationRecord, Recipe } from '../../../src-main/common/api/recipes.ts';
import { aRecipe } from '../test/recipes.ts';
import { RecipeDraft } from './recipe-draft.svelte.ts';

const calibration: CalibrationRecord = {
  rule: { type: 'false-rejects', rate: 0 },
  source: 'train',
  good: 10,
  defective: 0,
  guaranteedFalseRejects: 1 / 11,
  goodScores: { min: 0.5, median: 1, max: 2 },
  imagesSha256: 'b'.repeat(64),
};
const calibrated = () =>
  aRecipe({ revision: 4, definition: { thresholds: { review: 2, reject: 2 }, calibration } });
const larger = { unit: 'px', minArea: 200, minLength: 0 } as const;

describe('RecipeDraft', () => {
  const draftOf = (recipe: Recipe) => new RecipeDraft(() => recipe);

  it('has no changes at first, and none after a value was changed back', () => {
    const draft = draftOf(calibrated());
    expect(draft.changed).toBe(false);
    expect(draft.source).toBe('train');
    draft.set({ mmPerPixel: 0.1 });
    expect(draft.changed).toBe(true);
    draft.set({ mmPerPixel: null });
    expect(draft.changed).toBe(false);
    expect(draft.definition.thresholds).toEqual({ review: 2, reject: 2 });
  });

  it('clears thresholds and repeats the rule when the size limits change', () => {
    const draft = draftOf(calibrated());
    draft.set({ sizeLimits: larger });
    expect(draft.definition).toMatchObject({ sizeLimits: larger, thresholds: null, calibration: null });
    expect(draft.chosen).toEqual({ rule: calibration.rule, source: 'train' });
    expect(draft.edits).toEqual({ sizeLimits: larger });
  });

  it('drops thresholds that were set for other scores', () => {
    const draft = draftOf(calibrated());
    draft.setThresholds({ review: 1, reject: 3 });
    draft.set({ sizeLimits: larger });
    expect(draft.definition.thresholds).toBeNull();
    draft.setThresholds({ review: 7, reject: 8 });
    expect(draft.definition).toMatchObject({ thresholds: { review: 7, reject: 8 }, calibration: null });
    expect(draft.chosen).toBeUndefined();
  });

  it('claims no guarantee for thresholds that were set by hand', () => {
    const draft = draftOf(calibrated());
    draft.setThresholds({ review: 1, reject: 3 });
    expect(draft.definition.calibration).toEqual({
      ...calibration,
      rule: { type: 'manual' },
      guaranteedFalseRejects: null,
    });
    draft.setThresholds({ review: 2, reject: 2 });
    expect(draft.changed).toBe(false);
    expect(draft.definition.calibration).toEqual(calibration);
  });

  it('replaces thresholds set by hand when a rule is chosen', () => {
    const draft = draftOf(calibrated());
    draft.setThresholds({ review: 1, reject: 3 });
    draft.choose({ type: 'no-escape' });
    expect(draft.edits).toEqual({});
    expect(draft.changed).toBe(true);
    draft.setSource('all');
    expect(draft.chosen).toEqual({ rule: { type: 'no-escape' }, source: 'all' });
    draft.discard();
    expect(draft.changed).toBe(false);
    expect(draft.source).toBe('train');
  });

  it('is outdated when another revision was added, until it is applied to that one', () => {
    let recipe = $state.raw(calibrated());
    const draft = new RecipeDraft(() => recipe);
    draft.set({ classes: ['linen', 'felt'] });
    expect(draft.outdated).toBe(false);
    recipe = aRecipe({ revision: 5, definition: { mmPerPixel: 0.2 } });
    expect(draft.outdated).toBe(true);
    expect(draft.base).toBe(4);
    draft.rebase();
    expect(draft.outdated).toBe(false);
    expect(draft.base).toBe(5);
    expect(draft.definition).toMatchObject({ classes: ['linen', 'felt'], mmPerPixel: 0.2 });
  });
});
