import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Recipe, RecipeDraft } from '../../common/api/recipes.ts';
import { reasonText } from '../../common/decisions/reason-text.ts';
import type { Store } from '../../store/store.ts';
import { addImages, temporaryStore } from '../../test/store.ts';
import { defaultMethod } from '../methods/method-options.ts';
import type { Services } from '../types.ts';
import { openRecipes } from './recipes.ts';
import { addMap } from './test/add-map.ts';
import { scoringEngine } from './test/scoring-engine.ts';

let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
let recipes: Services['recipes'];
let request: ReturnType<typeof scoringEngine>['request'];
let dataset: number;
let images: number[];
let results: number[];
let recipe: Recipe;
const { signal } = new AbortController();
const thresholds = { review: 0.25, reject: 0.5 };

beforeEach(async () => {
  temporary = temporaryStore();
  ({ store } = temporary);
  const scoring = scoringEngine();
  ({ request } = scoring);
  recipes = openRecipes(store, scoring.engine, {} as Services['runs']);
  ({ dataset, images } = addImages(store, [{}, {}, {}, {}, { textureClass: 'silk' }]));
  recipe = await recipes.create(
    { name: 'Linen', dataset, classes: ['linen'], author: 'Åsa', reason: '' },
    signal,
  );
  recipe = await revise({ sizeLimits: { unit: 'positions', minArea: 2, minLength: 0 }, edgeMargin: 0 });
  const method = store.methods.findByDefinition(defaultMethod)?.id ?? 0;
  results = [];
  for (const [at, score] of [0.125, 0.25, 0.5].entries())
    results.push(await addMap(store, { image: images[at], method }, [1, 0, score, score]));
  await addMap(store, { image: images[4], method }, [1, 1]);
});
afterEach(() => temporary.dispose());

async function revise(definition: RecipeDraft): Promise<Recipe> {
  const base = recipe.latest.revision;
  return recipes.revise({ recipe: recipe.id, base, author: 'Åsa', reason: '', definition }, signal);
}

const decisions = async () => (await recipes.decisions({ dataset }, signal)).decisions;

it('are those of the latest revision, for every image with a result, and name what decided', async () => {
  recipe = await revise({ thresholds });
  const by = { recipe: recipe.id, revision: 3 };
  const map = (at: number) => ({ result: results[at], map: store.results.find(keyOf(at))?.map });
  const keyOf = (at: number) => ({
    image: images[at],
    method: 1,
    modelSha256: null,
    imageSha256: 'f'.repeat(64),
  });
  expect(await decisions()).toEqual([
    {
      image: images[0],
      ...map(0),
      ...by,
      score: 0.125,
      decision: 'pass',
      reason: { type: 'below', limit: 0.25 },
    },
    {
      image: images[1],
      ...map(1),
      ...by,
      score: 0.25,
      decision: 'review',
      reason: { type: 'score', limit: 0.25 },
    },
    {
      image: images[2],
      ...map(2),
      ...by,
      score: 0.5,
      decision: 'reject',
      reason: { type: 'score', limit: 0.5 },
    },
  ]);
});

it('follow new thresholds without reading a map again', async () => {
  recipe = await revise({ thresholds });
  await decisions();
  expect(request).toHaveBeenCalledTimes(1);
  recipe = await revise({ thresholds: { review: 0.5, reject: 1 } });
  expect((await decisions()).map(({ decision }) => decision)).toEqual(['pass', 'pass', 'review']);
  expect(request).toHaveBeenCalledTimes(1);
});

it('are absent, with the score present, until the recipe is calibrated', async () => {
  expect(await decisions()).toMatchObject(
    [0.125, 0.25, 0.5].map((score) => ({ score, decision: null, reason: { type: 'not-calibrated' } })),
  );
});

it('are never a pass if no region can have the required size', async () => {
  recipe = await revise({ sizeLimits: { unit: 'positions', minArea: 49, minLength: 0 }, thresholds });
  expect(await decisions()).toMatchObject(
    results.map(() => ({ score: null, decision: null, reason: { type: 'no-score' } })),
  );
});

it('name a map that is missing, and decide the other images', async () => {
  recipe = await revise({ thresholds });
  const [, { map }] = await decisions();
  recipe = await revise({
    edgeMargin: 0,
    thresholds,
    sizeLimits: { unit: 'positions', minArea: 1, minLength: 0 },
  });
  await rm(store.blobs.pathOf(map));
  const [first, second, third] = await decisions();
  expect([first.decision, third.decision]).toEqual(['reject', 'reject']);
  expect(second).toMatchObject({
    image: images[1],
    score: null,
    decision: null,
    reason: { type: 'unreadable-map' },
  });
  expect(reasonText(second)).toContain(store.blobs.pathOf(map));
  const scoring = recipes.scores({ recipe: recipe.id, dataset, textureClass: 'linen' }, signal);
  const drain = async () => {
    for await (const _ of await scoring);
  };
  await expect(drain()).rejects.toThrow(store.blobs.pathOf(map));
});

it('count the regions if the recipe limits them', async () => {
  recipe = await revise({ thresholds, regionLimits: { maxCount: 0, maxTotalArea: null } });
  expect((await decisions()).map(({ decision, reason }) => [decision, reason.type])).toEqual([
    ['pass', 'below'],
    ['reject', 'count'],
    ['reject', 'score'],
  ]);
  recipe = await revise({ regionLimits: { maxCount: null, maxTotalArea: 2 } });
  expect((await decisions()).map(({ decision }) => decision)).toEqual(['pass', 'review', 'reject']);
});

it('end when no recipe decides the class, or its region changes', async () => {
  recipe = await revise({ thresholds });
  const region = { include: [], exclude: [], border: 2 };
  recipe = await revise({ region, thresholds });
  expect(await decisions()).toEqual([]);
  recipe = await revise({ region: null, thresholds });
  expect(await decisions()).toHaveLength(3);
  await recipes.assign({ dataset, textureClass: 'linen', recipe: null }, signal);
  expect(await decisions()).toEqual([]);
});

it('need a dataset', async () => {
  await expect(recipes.decisions({ dataset: 99 }, signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
