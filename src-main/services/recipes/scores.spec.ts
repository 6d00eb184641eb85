import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Recipe, RecipeDraft, ScoreEvent } from '../../common/api/recipes.ts';
import { regionSha256 } from '../../files/region-sha256.ts';
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
let method: number;
let recipe: Recipe;
const { signal } = new AbortController();

beforeEach(async () => {
  temporary = temporaryStore();
  ({ store } = temporary);
  const scoring = scoringEngine();
  ({ request } = scoring);
  recipes = openRecipes(store, scoring.engine, {} as Services['runs']);
  ({ dataset, images } = addImages(store, [
    { defectType: '' },
    { defectType: '' },
    { defectType: 'good', split: 'train' },
    { textureClass: 'silk' },
  ]));
  const classes = ['linen'];
  recipe = await recipes.create({ name: 'Linen', dataset, classes, author: 'Åsa', reason: '' }, signal);
  recipe = await recipes.revise(
    {
      recipe: recipe.id,
      base: 1,
      author: 'Åsa',
      reason: '',
      definition: { sizeLimits: { unit: 'positions', minArea: 2, minLength: 0 }, edgeMargin: 0 },
    },
    signal,
  );
  method = store.methods.findByDefinition(defaultMethod)?.id ?? 0;
});
afterEach(() => temporary.dispose());

async function events(draft?: RecipeDraft): Promise<ScoreEvent[]> {
  const scope = { recipe: recipe.id, dataset, textureClass: 'linen', ...(draft && { draft }) };
  const received: ScoreEvent[] = [];
  for await (const event of await recipes.scores(scope, signal)) received.push(event);
  return received;
}

async function scores(draft?: RecipeDraft): Promise<ScoreEvent & { type: 'scores' }> {
  const last = (await events(draft)).at(-1);
  if (last?.type !== 'scores') throw new Error('The last event has the scores.');
  return last;
}

describe('the image scores of a class', () => {
  it('are those of regions of the required size, in training and test images', async () => {
    const results = [
      await addMap(store, { image: images[0], method }, [0.5, 0.25]),
      await addMap(store, { image: images[2], method }, [0.75]),
    ];
    await addMap(store, { image: images[3], method }, [1, 1]);
    const found = await scores();
    expect(found.images).toMatchObject([
      { image: images[0], result: results[0], score: 0.25, label: 'unknown', split: 'test' },
      { image: images[2], result: results[1], score: 0, label: 'good', split: 'train' },
    ]);
    expect(found.images[0].inspectedAt).toBe(store.results.listByMethod(dataset, method)[0].createdAt);
    expect(found.missing).toEqual([images[1]]);
  });

  it('are computed once, regardless of the thresholds', async () => {
    await addMap(store, { image: images[0], method }, [0.5, 0.25]);
    expect(await events()).toMatchObject([{ type: 'progress', done: 0, total: 1 }, { type: 'scores' }]);
    const thresholds = { review: 0.1, reject: 0.2 };
    expect(await events({ thresholds })).toMatchObject([{ type: 'scores', images: [{ score: 0.25 }] }]);
    expect(request).toHaveBeenCalledTimes(1);
    await addMap(store, { image: images[1], method }, [0.5, 0.5]);
    expect((await scores()).images).toMatchObject([{ score: 0.25 }, { score: 0.5 }]);
    expect(request.mock.lastCall?.[1].maps).toHaveLength(1);
  });

  it('follow the size limits of a draft', async () => {
    await addMap(store, { image: images[0], method }, [0.5, 0.25]);
    const score = async (sizeLimits: RecipeDraft['sizeLimits'], rest: RecipeDraft = {}) =>
      (await scores({ sizeLimits, ...rest })).images[0].score;
    expect(await score({ unit: 'positions', minArea: 1, minLength: 0 })).toBe(0.5);
    expect(await score({ unit: 'px', minArea: 16.1, minLength: 0 })).toBe(0.25);
    expect(await score({ unit: 'mm', minArea: 4, minLength: 0 }, { mmPerPixel: 0.5 })).toBe(0.5);
    expect(await score({ unit: 'mm', minArea: 4, minLength: 0 }, { mmPerPixel: 0.25 })).toBe(0);
    expect(
      await score({ unit: 'mm', minArea: 4, minLength: 0 }, { mmPerPixel: { across: 1, along: 0.25 } }),
    ).toBe(0.5);
    expect(await score({ unit: 'positions', minArea: 49, minLength: 0 })).toBeNull();
    expect(await score({ unit: 'positions', minArea: 1, minLength: 0 }, { edgeMargin: 1 })).toBe(0);
  });

  it('measure regions only if the recipe limits them', async () => {
    await addMap(store, { image: images[0], method }, [0.5, 0.5]);
    const limited = { regionLimits: { maxCount: 0, maxTotalArea: null } };
    const thresholds = { review: 0.25, reject: 1 };
    expect((await scores({ thresholds })).images[0]).not.toHaveProperty('regions');
    expect((await scores({ thresholds, ...limited })).images[0].regions).toEqual({ count: 1, area: 2 });
    const higher = { thresholds: { review: 0.75, reject: 1 }, ...limited };
    expect((await scores(higher)).images[0].regions).toEqual({ count: 0, area: 0 });
    expect((await scores(limited)).images[0]).not.toHaveProperty('regions');
  });

  it('are missing for another file, region, model or method', async () => {
    const border = { include: [], exclude: [], border: 4 };
    await addMap(store, { image: images[0], method, imageSha256: 'e'.repeat(64) }, [1, 1]);
    await addMap(store, { image: images[1], method, modelSha256: 'a'.repeat(64) }, [1, 1]);
    await addMap(store, { image: images[2], method, regionSha256: regionSha256(border) }, [1, 1]);
    expect((await scores()).missing).toEqual(images.slice(0, 3));
    expect((await scores({ region: border })).images).toMatchObject([{ image: images[2], score: 0 }]);
    const other = await scores({ method: { ...defaultMethod, patchSize: 7 } });
    expect(other).toEqual({
      type: 'scores',
      images: [],
      missing: images.slice(0, 3),
      otherNormalImages: false,
    });
  });

  it('stop when they are canceled, and keep the computed ones', async () => {
    await addMap(store, { image: images[0], method }, [0.5, 0.25]);
    const stop = new AbortController();
    const scope = { recipe: recipe.id, dataset, textureClass: 'linen' };
    const stream = await recipes.scores(scope, stop.signal);
    await stream.next();
    stop.abort(new Error('enough'));
    await expect(stream.next()).rejects.toThrow('enough');
    expect((await scores()).images).toHaveLength(1);
  });

  it('require a class of the dataset', async () => {
    const scope = { recipe: recipe.id, dataset, textureClass: 'wool' };
    const stream = await recipes.scores(scope, signal);
    await expect(stream.next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the label of an image for calibration', () => {
  const labels = async () =>
    new Map((await scores()).images.map(({ image, label, labelSource }) => [image, [label, labelSource]]));

  it('comes from ground truth, a mark, the latest verdict or the training split, in this order', async () => {
    const [image, , train] = images;
    await addMap(store, { image, method }, []);
    await addMap(store, { image: train, method }, []);
    expect(await labels()).toEqual(
      new Map([
        [image, ['unknown', 'none']],
        [train, ['good', 'training']],
      ]),
    );
    const giveVerdicts = (verdict: 'accept' | 'reject' | 'unsure') => {
      const session = store.sessions.add({
        dataset,
        operator: 'Åsa',
        name: '',
        method: null,
        filter: '',
        images: [image, train],
      });
      for (const each of [image, train])
        store.verdicts.add(session.id, { image: each, verdict, defectType: '', note: '' });
    };
    giveVerdicts('reject');
    expect([...(await labels()).values()]).toEqual([
      ['defective', 'verdict'],
      ['defective', 'verdict'],
    ]);
    giveVerdicts('accept');
    expect((await labels()).get(image)).toEqual(['good', 'verdict']);
    giveVerdicts('unsure');
    expect([...(await labels()).values()]).toEqual([
      ['unknown', 'none'],
      ['good', 'training'],
    ]);
    giveVerdicts('reject');
    await recipes.markGood({ image, good: true, author: 'Åsa' }, signal);
    expect((await labels()).get(image)).toEqual(['good', 'marked']);
    const truth = { image, author: 'Åsa', source: 'drawn', pixels: 0 } as const;
    store.revisions.add({ ...truth, groundTruth: 'masked', mask: await store.blobs.put(Buffer.from('m')) });
    expect((await labels()).get(image)).toEqual(['defective', 'ground-truth']);
    store.revisions.add({ ...truth, groundTruth: 'normal', mask: null });
    expect((await labels()).get(image)).toEqual(['good', 'ground-truth']);
  });
});
