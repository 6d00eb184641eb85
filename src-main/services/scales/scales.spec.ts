import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Recipe, RecipeDraft } from '../../common/api/recipes.ts';
import type { Scale } from '../../common/scale.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { Store } from '../../store/store.ts';
import { addImages, temporaryStore } from '../../test/store.ts';
import { openRecipes } from '../recipes/recipes.ts';
import type { Services } from '../types.ts';
import { adoptFileScales } from './file-scales.ts';
import { openScales } from './scales.ts';

const { signal } = new AbortController();
const square = (mm: number): Scale => ({ across: mm, along: mm });
let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
let scales: Services['scales'];
let recipes: Services['recipes'];

beforeEach(() => {
  temporary = temporaryStore();
  ({ store } = temporary);
  scales = openScales(store);
  // No test in this file inspects or scores an image.
  recipes = openRecipes(store, {} as EngineClient, {} as Services['runs']);
});
afterEach(() => temporary.dispose());

describe('the scale of a class', () => {
  let dataset: number;
  beforeEach(() => {
    ({ dataset } = addImages(store, [{}, { textureClass: 'silk', path: '/data/silk.png' }]));
  });

  const set = async (textureClass: string, scale: Scale | null) =>
    scales.set({ dataset, textureClass, scale, source: 'measured', author: 'Ada' }, signal);
  const create = async (draft: Pick<RecipeDraft, 'sizeLimits'> & { mmPerPixel?: number } = {}) =>
    recipes.create(
      { name: 'Both', dataset, classes: ['linen', 'silk'], author: 'Bo', reason: '', ...draft },
      signal,
    );
  const latest = async ({ id }: Recipe) => (await recipes.get({ recipe: id }, signal)).recipe.latest;

  it('has its origin, and can be removed', async () => {
    await set('linen', { across: 0.1, along: 0.2 });
    expect((await scales.list({ dataset }, signal)).scales).toEqual([
      {
        textureClass: 'linen',
        scale: { across: 0.1, along: 0.2 },
        source: 'measured',
        author: 'Ada',
        at: expect.any(String) as string,
      },
    ]);
    await set('linen', null);
    expect((await scales.list({ dataset }, signal)).scales).toEqual([]);
  });

  it('is refused for a class that does not exist', async () => {
    await expect(async () => set('wool', square(1))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('goes to the recipe that decides it, and to the other classes of that recipe', async () => {
    const recipe = await create();
    await set('silk', square(0.2));
    expect(await latest(recipe)).toMatchObject({
      revision: 2,
      reason: 'Scale of silk',
      changes: ['mmPerPixel: none -> 0.2'],
      definition: { mmPerPixel: 0.2 },
    });
    expect(store.classScales.find(dataset, 'linen')).toEqual(square(0.2));
    await set('linen', { across: 0.2, along: 0.3 });
    expect((await latest(recipe)).definition.mmPerPixel).toEqual({ across: 0.2, along: 0.3 });
  });

  it('comes from a new recipe that has one, and a new recipe takes it', async () => {
    await create({ mmPerPixel: 0.5 });
    expect(store.classScales.find(dataset, 'silk')).toEqual(square(0.5));
    const other = await recipes.create(
      { name: 'Silk', dataset, classes: ['silk'], author: 'Bo', reason: '' },
      signal,
    );
    expect(other.latest.definition.mmPerPixel).toBe(0.5);
  });

  it('must be the same for all classes of a new recipe', async () => {
    await set('silk', square(0.2));
    await expect(async () => create()).rejects.toThrow(/"linen" and "silk" have different scales/);
    expect((await create({ mmPerPixel: 0.3 })).latest.definition.mmPerPixel).toBe(0.3);
    expect(store.classScales.find(dataset, 'silk')).toEqual(square(0.3));
  });

  it('stays if limits need it or a locked recipe has it', async () => {
    const recipe = await create({ mmPerPixel: 0.5, sizeLimits: { unit: 'mm', minArea: 1, minLength: 0 } });
    await expect(async () => set('linen', null)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await recipes.lock({ recipe: recipe.id, author: 'Bo' }, signal);
    await expect(async () => set('linen', square(1))).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(store.classScales.find(dataset, 'linen')).toEqual(square(0.5));
  });

  it('can differ from a locked recipe that has none', async () => {
    const recipe = await create();
    await recipes.lock({ recipe: recipe.id, author: 'Bo' }, signal);
    await set('linen', square(1));
    expect((await latest(recipe)).revision).toBe(1);
    expect(store.classScales.find(dataset, 'linen')).toEqual(square(1));
  });

  it('follows an assigned recipe', async () => {
    const recipe = await recipes.create(
      { name: 'Linen', dataset, classes: ['linen'], author: 'Bo', reason: '', mmPerPixel: 0.5 },
      signal,
    );
    await recipes.assign({ dataset, textureClass: 'silk', recipe: recipe.id }, signal);
    expect(store.classScales.find(dataset, 'silk')).toEqual(square(0.5));
  });
});

describe('the resolution of files', () => {
  const dpi = (resolution: number) => ({ x: 25.4 / resolution, y: 25.4 / resolution });

  it('becomes the scale at an import', () => {
    const { dataset } = addImages(store, [{ pixelSize: { x: 0.1, y: 0.2 } }, {}]);
    expect(adoptFileScales(store, dataset, [])).toMatchObject([
      {
        kind: 'note',
        message: 'linen: the scale is 0.1 mm per pixel across, 0.2 along, the resolution of its files.',
      },
    ]);
    expect(store.classScales.list(dataset)).toMatchObject([
      { scale: { across: 0.1, along: 0.2 }, source: 'file', author: '' },
    ]);
  });

  it('is turned for a roll to the right', () => {
    const { dataset, images } = addImages(store, [{ pixelSize: { x: 0.1, y: 0.2 } }]);
    store.rolls.put(images[0], { article: '', lot: '', direction: 'right', scale: null });
    adoptFileScales(store, dataset, []);
    expect(store.classScales.find(dataset, 'linen')).toEqual({ across: 0.2, along: 0.1 });
  });

  it.each([72, 96, 25.4])('is only a proposal at %d dpi', async (resolution) => {
    const { dataset } = addImages(store, [{ pixelSize: dpi(resolution) }]);
    expect(adoptFileScales(store, dataset, [])).toEqual([]);
    expect(await scales.list({ dataset }, signal)).toMatchObject({
      scales: [],
      proposals: [{ textureClass: 'linen', images: 1, doubt: expect.stringContaining(`${resolution} dpi`) }],
    });
  });

  it('is only a proposal if files differ', async () => {
    const { dataset } = addImages(store, [
      { pixelSize: dpi(300) },
      { pixelSize: dpi(600), path: '/b.png' },
      { pixelSize: dpi(600), path: '/c.png' },
    ]);
    expect(adoptFileScales(store, dataset, [])).toEqual([]);
    const { proposals } = await scales.list({ dataset }, signal);
    expect(proposals.map(({ images, doubt }) => [images, doubt !== undefined])).toEqual([
      [2, true],
      [1, true],
    ]);
  });

  it('does not return after a person removed it, and does not replace another scale', () => {
    const { dataset } = addImages(store, [{ pixelSize: dpi(300) }]);
    expect(adoptFileScales(store, dataset, store.images.listByDataset(dataset))).toEqual([]);
    store.classScales.set(dataset, 'linen', { scale: square(1), source: 'typed', author: 'Ada' });
    expect(adoptFileScales(store, dataset, [])).toEqual([]);
    expect(store.classScales.find(dataset, 'linen')).toEqual(square(1));
  });
});
