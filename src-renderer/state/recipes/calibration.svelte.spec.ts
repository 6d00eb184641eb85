import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client } from '../../api/connection.svelte.ts';
import { aRecipe } from '../test/recipes.ts';
import { Calibration, type CalibrationDeps } from './calibration.svelte.ts';
import { RecipeStore } from './recipe-store.svelte.ts';
import { Notices } from '../notices.svelte.ts';

const noFalseReject = { type: 'false-rejects', rate: 0 } as const;

describe('Calibration', () => {
  const calls: string[] = [];
  const revise = vi.fn();
  const calibrate = vi.fn();
  const start = vi.fn();
  let recipes: RecipeStore;
  let calibration: Calibration;

  beforeEach(async () => {
    calls.length = 0;
    const client = {
      recipes: {
        list: async () => ({ recipes: [aRecipe({ id: 3, revision: 1 })] }),
        revise: revise.mockReset().mockImplementation(async ({ definition }) => {
          calls.push('revise');
          return aRecipe({ id: 3, revision: 2, definition });
        }),
        calibrate: calibrate.mockReset().mockImplementation(async function* () {
          calls.push('calibrate');
          yield { type: 'progress', done: 1, total: 1 };
          yield { type: 'calibrated', recipe: aRecipe({ id: 3, revision: 3 }) };
        }),
      },
    } as unknown as Client;
    start.mockReset().mockResolvedValue({});
    recipes = new RecipeStore(client, new Notices(), { author: async () => 'Ada' });
    await recipes.load();
    calibration = new Calibration(client, {
      datasets: { selectedId: 1, textureClass: 'linen', version: 1 },
      methods: { used: [] },
      notices: new Notices(),
      recipes,
      runs: { start },
      selection: {},
      settings: { values: { provider: 'auto' } },
    } as unknown as CalibrationDeps);
  });

  it('keeps the draft of a recipe while the list of recipes changes', () => {
    calibration.draft?.set({ mmPerPixel: 0.5 });
    recipes.put(aRecipe({ id: 3, revision: 2 }));
    expect(calibration.draft?.definition.mmPerPixel).toBe(0.5);
    expect(calibration.draft?.outdated).toBe(true);
  });

  it('saves changes first, then lets the host derive the thresholds of the rule', async () => {
    calibration.draft?.set({ mmPerPixel: 0.5 });
    calibration.draft?.choose(noFalseReject);
    if (calibration.draft) calibration.draft.reason = 'First shift';
    await calibration.save();
    expect(calls).toEqual(['revise', 'calibrate']);
    expect(revise.mock.calls[0][0]).toMatchObject({
      base: 1,
      definition: { mmPerPixel: 0.5 },
      reason: 'First shift',
    });
    expect(calibrate.mock.calls[0][0]).toMatchObject({
      recipe: 3,
      dataset: 1,
      textureClass: 'linen',
      rule: noFalseReject,
      source: 'all',
      author: 'Ada',
      reason: 'First shift',
    });
    expect(calibration.draft?.changed).toBe(false);
    expect(calibration.recipe?.latest.revision).toBe(3);
  });

  it('saves a rule alone as one revision', async () => {
    calibration.draft?.choose(noFalseReject);
    await calibration.save();
    expect(calls).toEqual(['calibrate']);
  });

  it('keeps the draft when saving fails, and says why', async () => {
    revise.mockRejectedValue(new Error('The disk is full.'));
    calibration.draft?.set({ mmPerPixel: 0.5 });
    await calibration.save();
    expect(calibration.failure).toContain('The disk is full.');
    expect(calibration.draft?.changed).toBe(true);
    expect(calibration.saving).toBe(false);
  });

  it('saves nothing over a revision that it does not know', async () => {
    calibration.draft?.set({ mmPerPixel: 0.5 });
    recipes.put(aRecipe({ id: 3, revision: 2 }));
    await calibration.save();
    expect(calls).toEqual([]);
  });

  it('inspects missing images, training images included', async () => {
    calibration.method = { id: 7, label: 'default', definition: null };
    calibration.scores.missing = [4, 5];
    await calibration.inspectMissing();
    expect(start).toHaveBeenCalledWith(
      expect.objectContaining({ dataset: 1, classes: ['linen'], methods: [7], images: [4, 5], split: 'all' }),
    );
  });
});
