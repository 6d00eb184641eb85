import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RollDefect } from '../../common/api/rolls.ts';
import { writeNpy } from '../../common/maps/npy.ts';
import { EngineClient } from '../../engine/client/engine-client.ts';
import type { Store } from '../../store/store.ts';
import { addImages, temporaryStore } from '../../test/store.ts';
import { defaultMethod } from '../methods/method-options.ts';
import { openRecipes } from '../recipes/recipes.ts';
import { openSettings } from '../settings/settings.ts';
import type { Services } from '../types.ts';
import { openRolls } from './rolls.ts';

let engine: EngineClient;
let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
let rolls: Services['rolls'];
let dataset: number;
let image: number;
let method: number;
const { signal } = new AbortController();
const failure = (code: string, message = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error;

/** Frames of 64 x 100 pixels; a map position is 4 x 4 pixels. */
const FRAMES = 50;
const [COLUMNS, ROWS] = [16, 25 * FRAMES];
/** A pixel is 10 mm across and 20 mm along: 640 mm x 100 m. A position is 40 mm x 80 mm. */
const scale = { across: 10, along: 20 };

/** Defects in positions of the map: left, top, width, height and score. */
type Block = [left: number, top: number, width: number, height: number, score: number];

beforeAll(() => {
  engine = new EngineClient();
});
afterAll(() => engine.close());
beforeEach(() => {
  temporary = temporaryStore();
  ({ store } = temporary);
  rolls = openRolls({ store, engine, runs: {} as Services['runs'], settings: openSettings(store) });
  ({
    dataset,
    images: [image],
  } = addImages(store, [{ width: 64, height: 100 * FRAMES, path: '/data/cloth/roll' }]));
  store.rolls.put(image, { article: 'Twill', lot: 'L-7', direction: 'down', scale });
  const frames = Array.from({ length: FRAMES }, (_, index) => ({
    name: `${index}.png`,
    offset: 100 * index,
    length: 100,
    sha256: String(index),
  }));
  store.rolls.setFrames(image, frames);
  ({ id: method } = store.methods.upsertDefinition(defaultMethod, 'default'));
});
afterEach(() => temporary.dispose());

async function inspected(
  blocks: readonly Block[],
  changes: { threshold?: number; sha256?: string } = {},
): Promise<void> {
  const values = new Float32Array(COLUMNS * ROWS);
  for (const [left, top, width, height, score] of blocks)
    for (let y = top; y < top + height; y++)
      values.fill(score, y * COLUMNS + left, y * COLUMNS + left + width);
  store.results.add({
    image,
    method,
    imageSha256: changes.sha256 ?? 'f'.repeat(64),
    modelSha256: null,
    map: await store.blobs.put(Buffer.from(writeNpy({ shape: [ROWS, COLUMNS], values }))),
    mapWidth: COLUMNS,
    mapHeight: ROWS,
    width: 64,
    height: 100 * FRAMES,
    extentWidth: 64,
    extentHeight: 100 * FRAMES,
    min: 0,
    max: 9,
    threshold: changes.threshold ?? 1,
    seconds: {},
    device: 'CPU',
    versions: {},
  });
}

const listed = async (wishes: Partial<Parameters<Services['rolls']['defects']>[0]> = {}) =>
  rolls.defects({ image, rule: 'four-point-metric', ...wishes }, signal);
const shortOf = ({ id, points, counted }: RollDefect) => [id, points, counted];

describe('the defects of a roll', () => {
  it('are at their place in pixels and millimeters, in order along the roll', async () => {
    await inspected([
      [4, 600, 3, 3, 5],
      [8, 24, 3, 4, 3],
      [1, 900, 2, 2, 9],
    ]);
    const { defects, smaller, threshold, recipe, methodLabel } = await listed();
    expect(defects).toMatchObject([
      {
        id: '34,98',
        score: 3,
        assessment: null,
        repeat: null,
        box: { left: 32, top: 96, width: 12, height: 16 },
        px: { along: 104, across: 38, length: 16, width: 12, area: 192 },
        mm: { along: 2080, across: 380, length: 320, width: 120, area: 192 * 200 },
      },
      { id: '18,2402', px: { along: 2406 }, mm: { along: 48120 } },
    ]);
    expect({ smaller, threshold, recipe, methodLabel }).toEqual({
      smaller: 1,
      recipe: null,
      methodLabel: 'default',
      threshold: { score: 1, source: 'suggested' },
    });
  });

  it('that meet at the border of frames are one', async () => {
    await inspected([[4, 22, 3, 6, 5]]);
    expect((await listed()).defects.map(({ px }) => px)).toEqual([
      { along: 100, across: 22, length: 24, width: 12, area: 288 },
    ]);
  });

  it('run along a roll that lies on its side', async () => {
    await inspected([[4, 24, 3, 4, 5]]);
    store.rolls.setFrames(image, []);
    store.rolls.put(image, { article: '', lot: '', direction: 'right', scale });
    expect((await listed()).defects[0]).toMatchObject({
      px: { along: 22, across: 104, length: 12, width: 16 },
      mm: { along: 440, across: 1040, length: 240, width: 160, area: 192 * 200 },
    });
  });

  it('fail for a roll without a result, and for an unknown rule', async () => {
    await expect(listed()).rejects.toThrow(failure('NOT_FOUND', 'was not inspected yet'));
    await inspected([]);
    expect((await listed()).defects).toEqual([]);
    await expect(listed({ rule: 'nine-point' })).rejects.toThrow(
      failure('UNKNOWN_NAME', 'four-point-metric'),
    );
    const { id } = store.methods.upsertDefinition({ ...defaultMethod, patchSize: 11 }, 'other');
    await expect(listed({ method: id })).rejects.toThrow(failure('NOT_FOUND', 'by "other"'));
  });

  it('say whether the file has changed since', async () => {
    await inspected([], { sha256: 'e'.repeat(64) });
    expect((await listed()).notes).toEqual([
      expect.stringContaining('has changed since this result') as string,
      expect.stringContaining('suggested') as string,
    ]);
  });
});

describe('the threshold', () => {
  const blocks: Block[] = [
    [4, 100, 3, 3, 2],
    [4, 200, 3, 3, 4],
    [4, 300, 3, 3, 6],
  ];
  const recipes = () => openRecipes(store, {} as EngineClient, {} as Services['runs']);
  const idsOf = (defects: RollDefect[]) => defects.map(({ score }) => score);

  it('is that of the class if a person has set one', async () => {
    await inspected(blocks);
    store.thresholds.set(dataset, method, 'linen', 3);
    expect(await listed()).toMatchObject({ threshold: { score: 3, source: 'class' }, notes: [] });
    expect(idsOf((await listed()).defects)).toEqual([4, 6]);
    expect(await listed({ threshold: 5 })).toMatchObject({
      threshold: { score: 5, source: 'given' },
      defects: [{ score: 6 }],
    });
  });

  it("is a recipe's review threshold, and the recipe's size limits hold", async () => {
    await inspected(blocks);
    const signed = { author: 'Åsa', reason: '' };
    const recipe = await recipes().create({ ...signed, name: 'Twill', dataset, classes: ['linen'] }, signal);
    const definition = { thresholds: { review: 3, reject: 5 } };
    await recipes().revise({ ...signed, recipe: recipe.id, base: 1, definition }, signal);
    const { threshold, recipe: used, defects, notes } = await listed();
    expect({ threshold, used, scores: idsOf(defects) }).toEqual({
      threshold: { score: 3, source: 'recipe' },
      used: { id: recipe.id, name: 'Twill', revision: 2 },
      scores: [4, 6],
    });
    expect(notes).toEqual([
      expect.stringContaining('1 of 2 defects are between the review and the reject') as string,
    ]);
    const mmPerPixel = { across: 10, along: 25 };
    await recipes().revise(
      { ...signed, recipe: recipe.id, base: 2, definition: { mmPerPixel, ...definition } },
      signal,
    );
    expect((await listed()).notes[0]).toMatch(/its own scale, .*; the recipe "Twill" has /);
    const sizeLimits = { unit: 'positions', minArea: 10, minLength: 0 } as const;
    await recipes().revise(
      { ...signed, recipe: recipe.id, base: 3, definition: { sizeLimits, ...definition } },
      signal,
    );
    expect(await listed()).toMatchObject({ defects: [], smaller: 2 });
  });
});

describe('the grade', () => {
  /** 80 mm, 160 mm and 240 mm long and 120 mm wide; 4 defects in one meter; one over 10 m. Positions are 80 mm long. */
  const known: Block[] = [
    [2, 100, 3, 3, 5],
    [6, 100, 3, 3, 5],
    [10, 100, 3, 3, 5],
    [2, 300, 9, 1, 5],
    [2, 500, 3, 125, 5],
  ];

  it('of a made roll of 50 frames is the known one', async () => {
    await inspected(known);
    const { grade, defects } = await listed();
    // Three defects of 240 mm (4 points each) begin in meter 8, which has at most 4 points. One of 360 mm across: 4 points.
    // The running defect spans 40 m to 50 m: 4 points in each of 10 meters.
    expect(defects.map(shortOf)).toEqual([
      ['10,402', 4, true],
      ['26,402', 4, true],
      ['42,402', 4, true],
      ['10,1202', 4, true],
      ['10,2002', 40, true],
    ]);
    expect(grade).toMatchObject({ rule: 'four-point-metric', totalPoints: 48 });
    // 48 points x 100 000 / (100 m x 640 mm)
    expect(grade?.figure.value).toBeCloseTo(75, 9);
    expect(grade?.pass).toBe(false);
  });

  it('changes with verdicts and corrected points, and both numbers stay', async () => {
    await inspected(known);
    const assess = async (defect: string, assessment: object) =>
      rolls.assess({ image, defect, reason: '', operator: 'Åsa', ...assessment }, signal);
    await assess('10,2002', { verdict: 'accept' });
    await assess('10,402', { verdict: 'accept' });
    await assess('10,1202', { points: 1, reason: 'mended' });
    const { grade, defects } = await listed();
    expect(defects.map(({ points, pointsByRule, counted }) => [points, pointsByRule, counted])).toEqual([
      [0, 0, false],
      [4, 4, true],
      [4, 4, true],
      [1, 4, true],
      [0, 0, false],
    ]);
    expect(grade?.totalPoints).toBe(5);
    expect(defects[3].assessment).toMatchObject({ points: 1, reason: 'mended', operator: 'Åsa' });
  });

  it('keeps assessments when another threshold moves the peaks', async () => {
    await inspected([
      [4, 100, 6, 6, 2],
      [5, 101, 3, 3, 4],
    ]);
    await rolls.assess({ image, defect: '18,402', kind: 'oil', reason: '', operator: 'Åsa' }, signal);
    expect((await listed()).defects).toMatchObject([{ id: '22,406', assessment: { kind: 'oil' } }]);
    await rolls.assess({ image, defect: '22,406', kind: 'hole', reason: '', operator: 'Åsa' }, signal);
    expect((await listed({ threshold: 3 })).defects).toMatchObject([
      { id: '22,406', assessment: { kind: 'hole' } },
    ]);
  });

  it('needs a scale, which may be that of the class', async () => {
    await inspected(known);
    store.classScales.set(dataset, 'linen', { scale, source: 'typed', author: 'Åsa' });
    store.rolls.put(image, { article: '', lot: '', direction: 'down', scale: null });
    expect((await listed()).grade?.totalPoints).toBe(48);
    store.classScales.set(dataset, 'linen', null);
    store.rolls.put(image, { article: '', lot: '', direction: 'down', scale: null });
    const { grade, defects, notes } = await listed();
    expect(grade).toBeNull();
    expect(defects[0]).toMatchObject({ mm: null, points: 0, counted: false, why: 'The roll has no scale.' });
    expect(notes.at(-1)).toContain('has no grade');
  });
});
