import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SIZE_LIMITS, type RecipeRevision } from '../common/api/recipes.ts';
import { addImages, addResult, temporaryStore } from '../test/store.ts';
import type { Store } from './store.ts';

let temporary: ReturnType<typeof temporaryStore>;
let store: Store;

beforeEach(() => {
  temporary = temporaryStore();
  ({ store } = temporary);
});
afterEach(() => temporary.dispose());

const first: RecipeRevision = {
  revision: 1,
  author: 'Åsa',
  at: '2026-01-01T00:00:00.000Z',
  reason: 'new',
  changes: [],
  sha256: 'a',
  definition: {
    classes: ['linen'],
    method: { baseline: 'x' },
    modelSha256: null,
    region: null,
    sizeLimits: DEFAULT_SIZE_LIMITS,
    edgeMargin: 1,
    thresholds: null,
    regionLimits: { maxCount: null, maxTotalArea: null },
    mmPerPixel: null,
    displayRange: null,
    calibration: null,
  },
};
const second = { ...first, revision: 2, changes: ['mmPerPixel: none -> 0.1'], sha256: 'b' };

const failure = (code: string) => expect.objectContaining({ code }) as Error;

describe('recipes', () => {
  it('are described by their latest revision and their classes', () => {
    const { dataset } = addImages(store, [{}]);
    const id = store.recipes.add('Linen', [first]);
    store.recipes.addRevision(id, second);
    store.recipes.assign(dataset, 'linen', id);
    expect(store.recipes.get(id)).toEqual({
      id,
      name: 'Linen',
      locked: null,
      latest: second,
      uses: [{ dataset, textureClass: 'linen' }],
    });
    expect(store.recipes.listRevisions(id)).toEqual([first, second]);
    expect(store.recipes.listAssigned(dataset)).toEqual(new Map([['linen', id]]));
  });

  it('keep every revision, and use each number once', () => {
    const id = store.recipes.add('Linen', [first]);
    expect(() => store.recipes.addRevision(id, first)).toThrow(failure('CONFLICT'));
    expect(store.recipes.listRevisions(id)).toEqual([first]);
  });

  it('are added with all their revisions or not at all', () => {
    expect(() => store.recipes.add('Linen', [first, first])).toThrow(failure('CONFLICT'));
    expect(store.recipes.list()).toEqual([]);
  });

  it('have unique names', () => {
    const id = store.recipes.add('Linen', [first]);
    expect(() => store.recipes.add('Linen', [first])).toThrow(failure('CONFLICT'));
    expect(store.recipes.uniqueName('Linen')).toBe('Linen 2');
    const other = store.recipes.add('Silk', [first]);
    expect(() => store.recipes.rename(other, 'Linen')).toThrow(failure('CONFLICT'));
    store.recipes.rename(id, 'Linen');
    store.recipes.rename(other, 'A');
    expect(store.recipes.list().map(({ name }) => name)).toEqual(['A', 'Linen']);
  });

  it('are kept when the dataset whose classes they decide is removed', () => {
    const { dataset } = addImages(store, [{}]);
    const id = store.recipes.add('Linen', [first]);
    store.recipes.assign(dataset, 'linen', id);
    store.datasets.remove(dataset);
    expect(store.recipes.get(id).uses).toEqual([]);
    store.recipes.remove(id);
    expect(() => store.recipes.get(id)).toThrow(failure('NOT_FOUND'));
  });

  it('cannot be removed while they decide a class', () => {
    const { dataset } = addImages(store, [{}]);
    const id = store.recipes.add('Linen', [first]);
    store.recipes.assign(dataset, 'linen', id);
    expect(() => store.recipes.remove(id)).toThrow();
    store.recipes.assign(dataset, 'linen', null);
    store.recipes.remove(id);
    expect(store.recipes.list()).toEqual([]);
  });
});

describe('the inspection region of a class', () => {
  const region = { include: [], exclude: [], border: 4 };

  it('is set, replaced and removed', () => {
    const { dataset } = addImages(store, [{}]);
    expect(store.classRegions.find(dataset, 'linen')).toBeNull();
    store.classRegions.set(dataset, 'linen', region, 'Åsa');
    store.classRegions.set(dataset, 'linen', { ...region, border: 5 }, 'Bo');
    expect(store.classRegions.list(dataset)).toMatchObject([
      { textureClass: 'linen', region: { border: 5 }, author: 'Bo' },
    ]);
    store.classRegions.set(dataset, 'linen', { ...region, border: 0 }, 'Bo');
    expect(store.classRegions.list(dataset)).toEqual([]);
  });

  it('is removed with its dataset', () => {
    const { dataset } = addImages(store, [{}]);
    store.classRegions.set(dataset, 'linen', region, 'Åsa');
    store.datasets.remove(dataset);
    expect(store.database.prepare('SELECT count(*) FROM class_regions').pluck().get()).toBe(0);
  });
});

describe('marks of good images', () => {
  it('are kept once, in dataset order, and removed with the dataset', () => {
    const { dataset, images } = addImages(store, [{}, {}]);
    store.calibrationMarks.add(images[1], 'Åsa');
    store.calibrationMarks.add(images[0], 'Åsa');
    store.calibrationMarks.add(images[0], 'Bo');
    expect(store.calibrationMarks.list(dataset)).toMatchObject([
      { image: images[0], author: 'Åsa' },
      { image: images[1], author: 'Åsa' },
    ]);
    store.calibrationMarks.remove(images[1]);
    expect(store.calibrationMarks.list(dataset)).toHaveLength(1);
    store.datasets.remove(dataset);
    expect(store.database.prepare('SELECT count(*) FROM calibration_marks').pluck().get()).toBe(0);
  });
});

describe('cached image scores', () => {
  it('belong to results and settings, and disappear with the dataset', async () => {
    const { dataset, images } = addImages(store, [{}]);
    const method = store.methods.upsertImported('other').id;
    await addResult(store, { image: images[0], method, max: 1, threshold: 0.5 });
    const result = store.results.latestId();
    const settings = { dataset, textureClass: 'linen', settings: '{"minArea":9}' };
    const limited = { ...settings, settings: '{"minArea":9,"threshold":1}' };
    store.imageScores.add(settings, [{ result, score: 0.5 }]);
    store.imageScores.add(limited, [{ result, score: null, regions: { count: 2, area: 20 } }]);
    // The result was removed while its score was computed.
    store.imageScores.add(settings, [{ result: 99, score: 1 }]);
    expect([...store.imageScores.find(settings).values()]).toEqual([{ result, score: 0.5 }]);
    expect(store.imageScores.find(limited).get(result)).toEqual({
      result,
      score: null,
      regions: { count: 2, area: 20 },
    });
    store.datasets.remove(dataset);
    expect(store.database.prepare('SELECT count(*) FROM image_scores').pluck().get()).toBe(0);
    expect(store.imageScores.find(settings).size).toBe(0);
  });

  it("are kept for a class's newest settings", async () => {
    const { dataset, images } = addImages(store, [{}]);
    const method = store.methods.upsertImported('other').id;
    await addResult(store, { image: images[0], method, max: 1, threshold: 0.5 });
    const result = store.results.latestId();
    const of = (minArea: number, textureClass = 'linen') => ({
      dataset,
      textureClass,
      settings: JSON.stringify({ minArea }),
    });
    store.imageScores.add(of(0, 'silk'), [{ result, score: 0.5 }]);
    for (let minArea = 0; minArea < 10; minArea++) store.imageScores.add(of(minArea), [{ result, score: 1 }]);
    const kept = Array.from({ length: 10 }, (_, minArea) => store.imageScores.find(of(minArea)).size);
    expect(kept).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
    expect(store.imageScores.find(of(0, 'silk')).size).toBe(1);
  });
});
