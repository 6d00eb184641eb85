import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SIZE_LIMITS, type Recipe, type RecipeDraft } from '../../common/api/recipes.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { Store } from '../../store/store.ts';
import { addImages, temporaryStore } from '../../test/store.ts';
import { defaultMethod } from '../methods/method-options.ts';
import { openRegions } from '../regions/regions.ts';
import type { Services } from '../types.ts';
import { openRecipes } from './recipes.ts';

let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
let recipes: Services['recipes'];
let dataset: number;
let images: number[];
const { signal } = new AbortController();
const border = (pixels: number) => ({ include: [], exclude: [], border: pixels });
const failure = (code: string, message = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error;

beforeEach(() => {
  temporary = temporaryStore();
  ({ store } = temporary);
  // No test in this file inspects or scores an image.
  recipes = openRecipes(store, {} as EngineClient, {} as Services['runs']);
  ({ dataset, images } = addImages(store, [{}, { textureClass: 'silk', path: '/data/silk.png' }]));
});
afterEach(() => temporary.dispose());

const create = async (name = 'Linen', classes = ['linen']): Promise<Recipe> =>
  recipes.create({ name, dataset, classes, author: 'Åsa', reason: 'new line' }, signal);
const revise = async (recipe: Recipe, definition: RecipeDraft, base = recipe.latest.revision) =>
  recipes.revise({ recipe: recipe.id, base, definition, author: 'Bo', reason: 'better' }, signal);
const thresholds = { review: 0.0188, reject: 0.0215 };

describe('a new recipe', () => {
  it('has the default method and size limits, is not calibrated, and decides its classes', async () => {
    const recipe = await create('Both', ['linen', 'silk', 'linen']);
    expect(recipe).toMatchObject({
      name: 'Both',
      locked: null,
      uses: ['linen', 'silk'].map((textureClass) => ({ dataset, textureClass })),
      latest: {
        revision: 1,
        author: 'Åsa',
        reason: 'new line',
        changes: [],
        definition: {
          classes: ['linen', 'silk'],
          method: defaultMethod,
          modelSha256: null,
          region: null,
          sizeLimits: { unit: 'positions', minArea: 9, minLength: 0 },
          edgeMargin: 1,
          thresholds: null,
        },
      },
    });
    expect(await recipes.list(undefined as never, signal)).toEqual({ recipes: [recipe] });
    expect(store.methods.findByDefinition(defaultMethod)).toBeDefined();
  });

  it('adopts the inspection region of its classes, which must be the same', async () => {
    store.classRegions.set(dataset, 'linen', border(4), 'Åsa');
    await expect(create('Both', ['linen', 'silk'])).rejects.toThrow(failure('INVALID_ARGUMENT', 'different'));
    expect((await create()).latest.definition.region).toEqual(border(4));
  });

  it.each([
    ['an empty name', { name: '' }, 'INVALID_ARGUMENT'],
    ['a scale of 0', { mmPerPixel: 0 }, 'INVALID_ARGUMENT'],
    ['too wide an edge margin', { edgeMargin: 101 }, 'INVALID_ARGUMENT'],
    ['an unknown class', { classes: ['wool'] }, 'NOT_FOUND'],
    ['an unknown dataset', { dataset: 99 }, 'NOT_FOUND'],
    ['an unknown extractor', { method: { ...defaultMethod, extractor: 'dct' } }, 'UNKNOWN_NAME'],
    [
      'a method that compares a set',
      { method: { extractor: 'gabor', set: 'mutual' as const } },
      'INVALID_ARGUMENT',
    ],
    [
      'limits in mm without a scale',
      { sizeLimits: { unit: 'mm', minArea: 1, minLength: 0 } as const },
      'INVALID_ARGUMENT',
    ],
  ])('is refused for %s, and nothing is added', async (_, wishes, code) => {
    const valid = { name: 'Linen', dataset, classes: ['linen'], author: 'Åsa', reason: '' };
    await expect(async () => recipes.create({ ...valid, ...wishes }, signal)).rejects.toThrow(failure(code));
    expect(store.recipes.list()).toEqual([]);
  });

  it('needs an unused name', async () => {
    await create();
    await expect(create()).rejects.toThrow(failure('CONFLICT', '"Linen"'));
  });

  it('takes its classes from the recipe that decided them', async () => {
    const first = await create();
    const second = await create('Linen B');
    expect(store.recipes.get(first.id).uses).toEqual([]);
    expect(second.uses).toHaveLength(1);
  });
});

describe('a revision', () => {
  it('records who changed what and why, and leaves earlier revisions unchanged', async () => {
    const recipe = await create();
    const { latest } = await revise(recipe, { thresholds, mmPerPixel: 0.1 });
    expect(latest).toMatchObject({ revision: 2, author: 'Bo', reason: 'better' });
    expect(latest.changes).toEqual([
      'thresholds.review: none -> 0.0188',
      'thresholds.reject: none -> 0.0215',
      'mmPerPixel: none -> 0.1',
    ]);
    const { revisions } = await recipes.get({ recipe: recipe.id }, signal);
    expect(revisions).toEqual([recipe.latest, latest]);
    expect(latest.sha256).not.toBe(recipe.latest.sha256);
  });

  it('can only be based on the latest revision', async () => {
    const recipe = await create();
    await revise(recipe, { thresholds });
    await expect(revise(recipe, { mmPerPixel: 1 })).rejects.toThrow(
      failure('CONFLICT', 'latest revision is 2 by Bo'),
    );
  });

  it('is not added if nothing changes', async () => {
    const recipe = await create();
    const { region, classes } = recipe.latest.definition;
    expect(await revise(recipe, { region, classes })).toEqual(recipe);
    expect((await revise(recipe, { region: border(0) })).latest.revision).toBe(1);
  });

  it.each<[string, RecipeDraft]>([
    ['method', { method: { ...defaultMethod, patchSize: 7 } }],
    ['region', { region: border(2) }],
    ['edge margin', { edgeMargin: 2 }],
    ['size limits', { sizeLimits: { unit: 'px', minArea: 9, minLength: 0 } }],
  ])('clears thresholds whose scores no longer apply: %s', async (_, change) => {
    const calibrated = await revise(await create(), { thresholds });
    expect(calibrated.latest.definition.thresholds).not.toBeNull();
    const changed = await revise(calibrated, change);
    expect(changed.latest.definition).toMatchObject({ thresholds: null, calibration: null });
    const back = { method: defaultMethod, region: null, sizeLimits: DEFAULT_SIZE_LIMITS, edgeMargin: 1 };
    const given = await revise(changed, { ...back, thresholds: { review: 1, reject: 2 } });
    expect(given.latest.definition.thresholds).toEqual({ review: 1, reject: 2 });
  });

  it('keeps thresholds if their scores still apply', async () => {
    const calibrated = await revise(await create(), { thresholds });
    const changed = await revise(calibrated, { mmPerPixel: 0.2, displayRange: { low: 0, high: 1 } });
    expect(changed.latest.definition.thresholds).toEqual(calibrated.latest.definition.thresholds);
    const inMm = await revise(changed, {
      sizeLimits: { unit: 'mm', minArea: 1, minLength: 0 },
      thresholds,
    });
    expect((await revise(inMm, { mmPerPixel: 0.3 })).latest.definition.thresholds).toBeNull();
  });

  it.each<[string, RecipeDraft]>([
    ['a review threshold above the reject threshold', { thresholds: { review: 2, reject: 1 } }],
    ['thresholds beyond float32', { thresholds: { review: 1, reject: 1e300 } }],
    ['an empty display range', { displayRange: { low: 1, high: 1 } }],
  ])('is refused for %s', async (_, change) => {
    const recipe = await create();
    await expect(revise(recipe, change)).rejects.toThrow(failure('INVALID_ARGUMENT'));
    expect(store.recipes.listRevisions(recipe.id)).toHaveLength(1);
  });

  it('stores thresholds as float32, like scores', async () => {
    const { latest } = await revise(await create(), { thresholds });
    expect(latest.definition.thresholds).toEqual({
      review: Math.fround(0.0188),
      reject: Math.fround(0.0215),
    });
  });
});

describe('a locked recipe', () => {
  it('accepts no revision, name or region, and cannot be removed', async () => {
    const recipe = await create();
    const locked = await recipes.lock({ recipe: recipe.id, author: 'Åsa' }, signal);
    expect(locked.locked).toMatchObject({ by: 'Åsa' });
    expect(await recipes.lock({ recipe: recipe.id, author: 'Bo' }, signal)).toEqual(locked);
    const refusal = failure('CONFLICT', 'locked by Åsa');
    await expect(revise(recipe, { thresholds })).rejects.toThrow(refusal);
    expect(() => recipes.rename({ recipe: recipe.id, name: 'B' }, signal)).toThrow(refusal);
    expect(() => recipes.remove({ recipe: recipe.id }, signal)).toThrow(refusal);
    const regions = openRegions(store, {} as EngineClient);
    const change = { dataset, textureClass: 'linen', region: border(2), author: 'Bo' };
    expect(() => regions.set(change, signal)).toThrow(refusal);
    expect(store.classRegions.list(dataset)).toEqual([]);
  });

  it('is unlocked by a revision that records it', async () => {
    const { id } = await create();
    await recipes.lock({ recipe: id, author: 'Åsa' }, signal);
    const unlocked = await recipes.unlock({ recipe: id, author: 'Bo', reason: 'new material' }, signal);
    expect(unlocked).toMatchObject({
      locked: null,
      latest: { revision: 2, author: 'Bo', reason: 'new material' },
    });
    expect(unlocked.latest.changes).toEqual([expect.stringMatching(/^locked: by Åsa at .* -> none$/)]);
    expect(await recipes.unlock({ recipe: id, author: 'Bo', reason: '' }, signal)).toEqual(unlocked);
  });
});

describe('the class of a recipe', () => {
  it('has the region of the recipe that decides it', async () => {
    const recipe = await create();
    await revise(recipe, { region: border(3) });
    expect(store.classRegions.find(dataset, 'linen')).toEqual(border(3));
    await recipes.assign({ dataset, textureClass: 'silk', recipe: recipe.id }, signal);
    expect(store.classRegions.find(dataset, 'silk')).toEqual(border(3));
    const regions = openRegions(store, {} as EngineClient);
    await regions.set({ dataset, textureClass: 'silk', region: border(4), author: 'Bo' }, signal);
    expect(store.classRegions.list(dataset)).toMatchObject([
      { textureClass: 'linen', region: border(4) },
      { textureClass: 'silk', region: border(4) },
    ]);
    expect(store.recipes.get(recipe.id).latest).toMatchObject({
      revision: 3,
      author: 'Bo',
      reason: 'Inspection region of silk',
      changes: ['region.border: 3 -> 4'],
    });
  });

  it('refuses a region that leaves nothing of its images', async () => {
    const recipe = await create();
    const tooWide = failure('INVALID_ARGUMENT', 'border of 12 px');
    await expect(revise(recipe, { region: border(12) })).rejects.toThrow(tooWide);
    expect(store.recipes.listRevisions(recipe.id)).toHaveLength(1);
    const change = { dataset, textureClass: 'silk', region: border(12), author: 'Bo' };
    expect(() => openRegions(store, {} as EngineClient).set(change, signal)).toThrow(tooWide);
  });

  it('keeps its region when no recipe decides it any longer', async () => {
    const recipe = await create();
    await revise(recipe, { region: border(3) });
    expect(() => recipes.remove({ recipe: recipe.id }, signal)).toThrow(
      failure('CONFLICT', 'decides "linen"'),
    );
    await recipes.assign({ dataset, textureClass: 'linen', recipe: null }, signal);
    await recipes.remove({ recipe: recipe.id }, signal);
    expect(store.recipes.list()).toEqual([]);
    expect(store.classRegions.find(dataset, 'linen')).toEqual(border(3));
  });

  it('is one of the dataset', () => {
    const assign = { dataset, textureClass: 'wool', recipe: null };
    expect(() => recipes.assign(assign, signal)).toThrow(failure('NOT_FOUND', 'linen, silk'));
  });
});

describe('marks', () => {
  it('are set and removed', async () => {
    await recipes.markGood({ image: images[0], good: true, author: 'Åsa' }, signal);
    expect(await recipes.marks({ dataset }, signal)).toMatchObject({
      images: [{ image: images[0], author: 'Åsa' }],
    });
    await recipes.markGood({ image: images[0], good: false, author: 'Åsa' }, signal);
    expect(await recipes.marks({ dataset }, signal)).toEqual({ images: [] });
    const absent = { image: 99, good: true, author: 'Åsa' };
    expect(() => recipes.markGood(absent, signal)).toThrow(failure('NOT_FOUND'));
  });
});
