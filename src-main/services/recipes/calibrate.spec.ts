import { assertCalibratedWith, normalImagesSha256 } from './normal-images.ts';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  CalibrateEvent,
  CalibrationRule,
  CalibrationSource,
  Recipe,
  RecipeDraft,
  ValidateEvent,
} from '../../common/api/recipes.ts';
import type { Store } from '../../store/store.ts';
import { addImages, temporaryStore } from '../../test/store.ts';
import { defaultMethod } from '../methods/method-options.ts';
import { openRuns } from '../runs/runs.ts';
import { addCloth, quickMethods } from '../runs/test/cloth.ts';
import { HeldEngine } from '../runs/test/held-engine.ts';
import type { Services } from '../types.ts';
import { openRecipes } from './recipes.ts';
import { addMap } from './test/add-map.ts';

let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
let runs: ReturnType<typeof openRuns>;
let recipes: Services['recipes'];
let recipe: Recipe;
const engine = new HeldEngine();
const { signal } = new AbortController();
const noFalseReject: CalibrationRule = { type: 'false-rejects', rate: 0 };
const failure = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error;

beforeEach(() => {
  temporary = temporaryStore();
  ({ store } = temporary);
  runs = openRuns(store, engine);
  recipes = openRecipes(store, engine, runs);
});
afterEach(async () => {
  runs.close();
  await temporary.dispose();
});
afterAll(() => engine.close());

async function create(dataset: number, definition: RecipeDraft = {}): Promise<Recipe> {
  const created = await recipes.create(
    { name: 'Linen', dataset, classes: ['linen'], edgeMargin: 0, author: 'Åsa', reason: '' },
    signal,
  );
  return revise(created, {
    sizeLimits: { unit: 'positions', minArea: 2, minLength: 0 },
    ...definition,
  });
}

async function revise({ id, latest }: Recipe, definition: RecipeDraft): Promise<Recipe> {
  return recipes.revise({ recipe: id, base: latest.revision, author: 'Åsa', reason: '', definition }, signal);
}

async function calibrate(dataset: number, rule: CalibrationRule, source: CalibrationSource, stop = signal) {
  const events: CalibrateEvent[] = [];
  for await (const event of await recipes.calibrate(
    { recipe: recipe.id, dataset, textureClass: 'linen', rule, source, author: 'Bo', reason: 'new lamp' },
    stop,
  ))
    events.push(event);
  const last = events.at(-1);
  if (last?.type !== 'calibrated') throw new Error('The last event has the recipe.');
  return { events, latest: last.recipe.latest };
}

async function validate(dataset: number, wishes: { splits?: number; calibrating?: number } = {}) {
  let validation: (ValidateEvent & { type: 'validated' })['validation'] | undefined;
  for await (const event of await recipes.validate(
    { recipe: recipe.id, dataset, textureClass: 'linen', splits: 200, seed: 0, ...wishes },
    signal,
  ))
    if (event.type === 'validated') ({ validation } = event);
  return validation;
}

const normal = { defectType: 'good' } as const;
const defective = { defectType: 'hole' } as const;

function addNormalTruth(image: number): void {
  store.revisions.add({
    image,
    groundTruth: 'normal',
    mask: null,
    author: '',
    source: 'imported',
    pixels: 0,
  });
}

/** Adds images whose two best positions have these scores. */
async function addScored(images: readonly { score: number; is: object; split?: 'train' | 'test' }[]) {
  const added = addImages(
    store,
    images.map(({ is, split = 'test' }) => ({ ...is, split })),
  );
  for (const [at, { is }] of images.entries()) if (is === normal) addNormalTruth(added.images[at]);
  recipe = await create(added.dataset);
  const method = store.methods.findByDefinition(defaultMethod)?.id ?? 0;
  for (const [at, { score }] of images.entries())
    await addMap(store, { image: added.images[at], method }, [score, score]);
  return { ...added, method };
}

describe('a calibration', () => {
  it("derives its threshold from a source's good images and records what it used", async () => {
    const { dataset } = await addScored([
      { score: 0.25, is: normal, split: 'train' },
      { score: 0.5, is: normal, split: 'train' },
      { score: 0.75, is: normal },
      { score: 0.375, is: defective },
    ]);
    const { latest } = await calibrate(dataset, noFalseReject, 'train');
    const limit = 0.5 + 2 ** -24;
    expect(latest).toMatchObject({
      revision: 3,
      author: 'Bo',
      reason: 'new lamp',
      definition: {
        thresholds: { review: limit, reject: limit },
        calibration: {
          rule: noFalseReject,
          source: 'train',
          good: 2,
          defective: 0,
          guaranteedFalseRejects: 1 / 3,
          goodScores: { min: 0.25, median: 0.375, max: 0.5 },
          imagesSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        },
      },
    });
    const all = (await calibrate(dataset, { type: 'no-escape' }, 'all')).latest.definition;
    expect(all.thresholds).toEqual({ review: 0.375, reject: 0.75 + 2 ** -24 });
    expect(all.calibration).toMatchObject({ good: 3, defective: 1, guaranteedFalseRejects: 1 / 4 });
    // The good image at 0.75 now depends on its regions, which the guarantee does not count.
    recipe = await revise(store.recipes.get(recipe.id), {
      regionLimits: { maxCount: 1, maxTotalArea: null },
    });
    expect(recipe.latest.definition).toMatchObject({
      thresholds: all.thresholds,
      calibration: { good: 3, guaranteedFalseRejects: null },
    });
    const limited = (await calibrate(dataset, { type: 'no-escape' }, 'all')).latest.definition;
    expect(limited.calibration?.guaranteedFalseRejects).toBeNull();
    const single = (await calibrate(dataset, noFalseReject, 'all')).latest.definition;
    expect(single.calibration?.guaranteedFalseRejects).toBe(1 / 4);
  });

  it('inspects only the training images that have no result', async () => {
    const { dataset, images } = await addCloth(store, join(temporary.home, 'cloth'), { images: 2, train: 3 });
    recipe = await create(dataset, { method: quickMethods[1] });
    const { events, latest } = await calibrate(dataset, noFalseReject, 'train');
    expect(latest.definition.calibration).toMatchObject({ good: 3, guaranteedFalseRejects: 1 / 4 });
    expect(events.filter(({ type }) => type === 'progress').length).toBeGreaterThan(0);
    const method = store.methods.findByDefinition(quickMethods[1])?.id ?? 0;
    const inspected = store.results.listByMethod(dataset, method).map(({ image }) => image);
    expect(inspected).toHaveLength(3);
    expect(inspected).not.toContain(images[0]);
    const again = await calibrate(dataset, noFalseReject, 'train');
    expect(again.latest).toEqual(latest);
    expect(again.events).toHaveLength(1);
  });

  it('cancels its run when it is canceled', async () => {
    const { dataset } = await addCloth(store, join(temporary.home, 'cloth'), { images: 0, train: 3 });
    recipe = await create(dataset, { method: quickMethods[1] });
    engine.holdAfter(1);
    const stop = new AbortController();
    const calibrating = calibrate(dataset, noFalseReject, 'train', stop.signal);
    await setTimeout(300);
    stop.abort();
    await expect(calibrating).rejects.toThrow(failure('CANCELED', 'canceled'));
    engine.letGo();
    expect((await runs.list(undefined as never, signal)).runs).toMatchObject([{ state: 'canceled' }]);
    expect(store.recipes.get(recipe.id).latest.definition.thresholds).toBeNull();
  });

  it.each([
    ['no known good image', noFalseReject, 'train', 'No good image'],
    [
      'too few good images for the rate',
      { type: 'false-rejects', rate: 0.1 },
      'test',
      '1 good image cannot guarantee at most 10 % false rejects; 9 are needed.',
    ],
    ['thresholds that a person sets', { type: 'manual' }, 'all', 'do not follow from a rule'],
  ] as const)('is refused for %s', async (_, rule, source, message) => {
    const { dataset } = await addScored([
      { score: 0.25, is: normal },
      { score: 0.5, is: { defectType: '' } },
    ]);
    await expect(calibrate(dataset, rule, source)).rejects.toThrow(failure('INVALID_ARGUMENT', message));
  });

  it('is refused if size limits leave an image without a score, for another class, and if the recipe is locked', async () => {
    const { dataset } = await addScored([{ score: 0.25, is: normal }]);
    recipe = await revise(recipe, { sizeLimits: { unit: 'positions', minArea: 1000, minLength: 0 } });
    await expect(calibrate(dataset, noFalseReject, 'all')).rejects.toThrow(
      failure('INVALID_ARGUMENT', 'test/hole/0.png has no score'),
    );
    recipes.assign({ dataset, textureClass: 'linen', recipe: null }, signal);
    await expect(calibrate(dataset, noFalseReject, 'all')).rejects.toThrow(
      failure('INVALID_ARGUMENT', 'does not decide the class "linen"'),
    );
    await recipes.lock({ recipe: recipe.id, author: 'Åsa' }, signal);
    await expect(calibrate(dataset, noFalseReject, 'all')).rejects.toThrow(failure('CONFLICT', 'locked'));
  });

  it('with a memory bank does not use the training images, which the bank contains', async () => {
    const { dataset } = addImages(store, [normal]);
    recipe = await create(dataset, { method: { extractor: 'colors', coresetRatio: 0.5 } });
    await expect(calibrate(dataset, noFalseReject, 'all')).rejects.toThrow(
      failure('INVALID_ARGUMENT', 'good test images'),
    );
  });

  it('with a method that compares with normal images records which', async () => {
    const { dataset } = await addCloth(store, join(temporary.home, 'cloth'), { images: 2, train: 3 });
    const method = { extractor: 'colors', statistic: 'fca', reference: 'median', patchSize: 3 };
    recipe = await create(dataset, { method: { ...method, normal: true } });
    for (const { id, split } of store.images.listByClass(dataset, 'linen'))
      if (split === 'test') store.calibrationMarks.add(id, 'Bo');
    await calibrate(dataset, noFalseReject, 'test');
    const { definition } = store.recipes.get(recipe.id).latest;
    const files = store.images.listNormal(dataset, 'linen').map(({ file }) => file.sha256);
    expect(files.length).toBe(3);
    expect(definition.calibration?.normalSha256).toBe(normalImagesSha256(files));
    expect(() => assertCalibratedWith(definition, files.toReversed())).not.toThrow();
    expect(() => assertCalibratedWith(definition, files.slice(1))).toThrow('with other normal images');
  });
});

describe('a validation', () => {
  it('decides the images that did not calibrate, and changes nothing', async () => {
    const { dataset } = await addScored([
      ...Array.from({ length: 20 }, (_, at) => ({
        score: (at + 1) / 32,
        is: normal,
        split: at < 10 ? ('train' as const) : ('test' as const),
      })),
      { score: 0.5, is: defective },
      { score: 0.75, is: defective },
    ]);
    const validation = await validate(dataset);
    expect(validation).toMatchObject({ splits: 200, calibrating: 10, guaranteedFalseRejects: 1 / 11 });
    expect(validation?.falseRejects?.mean).toBeCloseTo(1 / 11, 1);
    expect(validation?.escapes?.mean).toBeGreaterThan(0.3);
    expect(await validate(dataset)).toEqual(validation);
    expect(store.recipes.get(recipe.id).latest).toEqual(recipe.latest);
    await expect(validate(dataset, { calibrating: 21 })).rejects.toThrow(
      failure('INVALID_ARGUMENT', 'only 20 are labeled'),
    );
  });

  it('inspects all labeled images, including test images', async () => {
    const { dataset } = await addCloth(store, join(temporary.home, 'cloth'), { images: 2, train: 3 });
    recipe = await create(dataset, { method: quickMethods[1] });
    expect(await validate(dataset, { calibrating: 2 })).toMatchObject({ calibrating: 2, escapes: null });
    const method = store.methods.findByDefinition(quickMethods[1])?.id ?? 0;
    expect(store.results.listByMethod(dataset, method).length).toBeGreaterThanOrEqual(3);
  });
});

describe('the control chart of a class', () => {
  const drift = async (dataset: number) => (await recipes.drift({ dataset }, signal)).classes;

  it('contains the images that did not calibrate in inspection order, and an alarm after a shift', async () => {
    const good = Array.from({ length: 20 }, (_, at) => ({
      score: (at + 1) / 64,
      is: normal,
      split: 'train' as const,
    }));
    const { dataset, method } = await addScored([...good, { score: 0.9, is: defective }]);
    expect(await drift(dataset)).toEqual([]);
    await calibrate(dataset, noFalseReject, 'train');
    const [quiet] = await drift(dataset);
    expect(quiet).toMatchObject({ center: 10.5 / 64, low: 1 / 64, high: 20 / 64, alarms: [] });
    expect(quiet.points).toMatchObject([{ score: expect.closeTo(0.9) as number, decision: 'reject' }]);
    const later = Array.from({ length: 6 }, (_, at) =>
      store.images.add(dataset, {
        path: `/data/later/${at}.png`,
        tileIndex: 0,
        name: `later/${at}.png`,
        textureClass: 'linen',
        defectType: '',
        split: 'test',
        width: 32,
        height: 24,
        maskFiles: [],
        thumbnail: null,
        file: { sha256: 'f'.repeat(64), bytes: 10, mtimeMs: 1, ctimeMs: 1 },
        sortIndex: 100 + at,
      }),
    );
    for (const image of later) await addMap(store, { image, method }, [0.5, 0.5]);
    const [shifted] = await drift(dataset);
    expect(shifted.points.map(({ image }) => image)).toEqual([quiet.points[0].image, ...later]);
    expect(shifted.alarms.map(({ message }) => message)).toEqual([
      '5 of the last 5 images score higher than all good images.',
      '5 of the last 5 images are rejected; good images explain 4.8 % on average.',
    ]);
    expect(shifted.alarms[0].images).toEqual(later.slice(1));
  });
});
