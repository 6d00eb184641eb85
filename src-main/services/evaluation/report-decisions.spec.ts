import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Recipe, RecipeDraft } from '../../common/api/recipes.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { Store } from '../../store/store.ts';
import { addImages, temporaryStore } from '../../test/store.ts';
import { defaultMethod } from '../methods/method-options.ts';
import { openRecipes } from '../recipes/recipes.ts';
import { addMap } from '../recipes/test/add-map.ts';
import { scoringEngine } from '../recipes/test/scoring-engine.ts';
import type { Services } from '../types.ts';
import { reportDecisions } from './report-decisions.ts';

let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
let engine: EngineClient;
let recipes: Services['recipes'];
let dataset: number;
let images: number[];
let recipe: Recipe;
const { signal } = new AbortController();

beforeEach(async () => {
  temporary = temporaryStore();
  ({ store } = temporary);
  ({ engine } = scoringEngine());
  recipes = openRecipes(store, engine, {} as Services['runs']);
  const good = { defectType: 'good' };
  ({ dataset, images } = addImages(store, [good, good, {}, {}, {}, { split: 'train' }]));
  for (const image of images.slice(0, 2)) {
    store.revisions.add({
      image,
      groundTruth: 'normal',
      mask: null,
      author: '',
      source: 'imported',
      pixels: 0,
    });
  }
  recipe = await recipes.create(
    { name: 'Linen', dataset, classes: ['linen'], author: 'Åsa', reason: '' },
    signal,
  );
  await revise({ sizeLimits: { unit: 'positions', minArea: 2, minLength: 0 }, edgeMargin: 0 });
  const method = store.methods.findByDefinition(defaultMethod)?.id ?? 0;
  for (const [at, score] of [0.125, 0.5, 0.25, 0.75].entries())
    await addMap(store, { image: images[at], method }, [1, 0, score, score]);
  await addMap(store, { image: images[5], method }, [1, 1]);
});
afterEach(() => temporary.dispose());

async function revise(definition: RecipeDraft): Promise<void> {
  const base = recipe.latest.revision;
  recipe = await recipes.revise({ recipe: recipe.id, base, author: 'Åsa', reason: '', definition }, signal);
}

const reported = () => reportDecisions({ store, engine }, dataset, signal);

it('has the test images of a class by label and decision, and says which have none', async () => {
  await revise({ thresholds: { review: 0.25, reject: 0.5 } });
  const { decisions, notes } = await reported();
  expect(decisions).toMatchObject([
    { textureClass: 'linen', recipe: 'Linen', revision: 3, missing: 1, thresholds: { review: 0.25 } },
  ]);
  const counts = decisions[0].table.rows.map(({ label, cells }) => [
    label,
    cells.pass.count,
    cells.review.count,
    cells.reject.count,
  ]);
  expect(counts).toEqual([
    ['good', 1, 0, 1],
    ['defective', 0, 1, 1],
    ['unknown', 0, 0, 0],
  ]);
  expect(notes).toEqual(["linen: 1 test image without a result of the recipe's method has no decision."]);
});

it('has no table of a recipe that is not calibrated, and says so', async () => {
  expect(await reported()).toEqual({
    decisions: [],
    notes: ['linen: the recipe "Linen" is not calibrated, so there are no decisions.'],
  });
});

it('says that thresholds come from the images of the table', async () => {
  const calibration = {
    rule: { type: 'no-escape' as const },
    source: 'test' as const,
    good: 2,
    defective: 1,
    guaranteedFalseRejects: null,
    goodScores: null,
    imagesSha256: 'a'.repeat(64),
  };
  await revise({ thresholds: { review: 0.25, reject: 0.25 }, calibration });
  const { notes } = await reported();
  expect(notes.join(' ')).toContain('calibrated with test images, so new images may have higher rates');
});
