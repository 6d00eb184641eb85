import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImageDecision } from '../../common/api/recipes.ts';
import type { ServiceOf } from '../../common/api/service.ts';
import type { sessions as procedures, Verdict } from '../../common/api/sessions.ts';
import type { Store } from '../../store/store.ts';
import { addImages, temporaryStore } from '../../test/store.ts';
import { openSessions } from './sessions.ts';

const signal = new AbortController().signal;
let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
let sessions: ServiceOf<typeof procedures>;
let dataset: number;
let images: number[];
let decisions: ImageDecision[];

beforeEach(() => {
  temporary = temporaryStore();
  store = temporary.store;
  decisions = [];
  sessions = openSessions(store, { decisions: async () => ({ decisions }) });
  ({ dataset, images } = addImages(
    store,
    Array.from({ length: 30 }, (_, index) => ({ textureClass: index < 15 ? 'linen' : 'silk' })),
  ));
});
afterEach(() => temporary.dispose());

const request = () => ({ dataset, method: null, filter: '', images });
const start = (operator = 'Ada', given: object = {}) =>
  sessions.create({ ...request(), operator, blind: true, heatmapHidden: true, ...given }, signal);
const say = (session: number, image: number, verdict: Verdict, defectType = '') =>
  sessions.setVerdict({ session, image, verdict, defectType, note: '' }, signal);
const listed = async (session: number) => (await sessions.get({ session }, signal)).images;
const ascending = (ids: readonly number[]) => ids.toSorted((a, b) => a - b);

describe('a blind session', () => {
  it('shuffles the images of each class', async () => {
    const { id, blind, heatmapHidden } = await start();
    expect({ blind, heatmapHidden }).toEqual({ blind: true, heatmapHidden: true });
    const order = await listed(id);
    expect(order).not.toEqual(images);
    expect(ascending(order.slice(0, 15))).toEqual(images.slice(0, 15));
    expect(ascending(order)).toEqual(images);
    expect(await listed((await start()).id)).not.toEqual(order);
    expect(await listed((await start('Ada', { blind: false })).id)).toEqual(images);
  });

  it('hides heatmaps only if it is blind', async () => {
    expect(await start('Ada', { blind: false })).toMatchObject({ blind: false, heatmapHidden: false });
  });

  it('counts verdicts that were changed after the reveal, also through undo', async () => {
    const { id } = await start();
    await say(id, images[0], 'accept');
    await say(id, images[1], 'accept');
    await sessions.undo({ session: id }, signal);
    await say(id, images[1], 'reject');
    await say(id, images[0], 'accept', 'hole');
    expect(await sessions.summary({ session: id }, signal)).toMatchObject({ changedAfterReveal: 1 });
    const { content } = await sessions.export({ session: id, format: 'json' }, signal);
    const { images: rows } = JSON.parse(content) as { images: Record<string, unknown>[] };
    expect(rows).toContainEqual(expect.objectContaining({ firstVerdict: 'accept', verdict: 'reject' }));
  });

  it('exports nothing on images that it still hides', async () => {
    const { id } = await start('Ada', { images: images.slice(0, 2) });
    const [first] = await listed(id);
    await say(id, first, 'accept');
    const { content } = await sessions.export({ session: id, format: 'csv' }, signal);
    expect(content.match(/hole/g)).toHaveLength(2);
    expect(content.split('\r\n')[2]).toMatch(/,linen,Image 2,+$/);
    const json = (await sessions.export({ session: id, format: 'json' }, signal)).content;
    expect(json.match(/hole/g)).toHaveLength(2);
    await sessions.finish({ session: id }, signal);
    expect(
      (await sessions.export({ session: id, format: 'csv' }, signal)).content.match(/hole/g),
    ).toHaveLength(4);
  });

  it('is compared with the decisions of the recipe', async () => {
    const { id } = await start();
    await say(id, images[0], 'reject');
    expect((await sessions.summary({ session: id }, signal)).byDecision).toBeNull();
    decisions = [
      {
        image: images[0],
        result: 1,
        map: '',
        recipe: 1,
        revision: 1,
        score: 2,
        decision: 'pass',
        reason: { type: 'below', limit: 3 },
      },
    ];
    expect((await sessions.summary({ session: id }, signal)).byDecision?.reject).toEqual({
      pass: 1,
      review: 0,
      reject: 0,
      none: 0,
    });
  });
});

describe('a group of sessions', () => {
  const group = (operators: string[], overlap: number, given: object = {}) =>
    sessions.createGroup(
      { ...request(), operators, overlap, blind: true, heatmapHidden: false, ...given },
      signal,
    );

  it('gives all images to both operators, in different orders', async () => {
    const { sessions: made } = await group(['Ada', 'Åsa'], 1);
    const [first, second] = await Promise.all(made.map(({ id }) => listed(id)));
    expect(first).not.toEqual(second);
    expect(ascending(first)).toEqual(ascending(second));
    const { group: groupOf } = made[0];
    expect(groupOf).toEqual({ id: expect.any(Number) as number, overlap: 1 });
    expect(made[1].group).toEqual(groupOf);
  });

  it('divides the images except for an overlap', async () => {
    const { sessions: made } = await group(['Ada', 'Åsa', 'Bo'], 0.2);
    const lists = await Promise.all(made.map(({ id }) => listed(id)));
    expect(lists.map(({ length }) => length)).toEqual([14, 14, 14]);
    expect(ascending([...new Set(lists.flat())])).toEqual(images);
  });

  it('is refused with equal names or too few images, and leaves no data', async () => {
    await expect(group(['Ada', 'Ada'], 1)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(group(['Ada', 'Åsa'], 0, { images: [images[0]] })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    await expect(group(['Ada', 'Åsa'], 1, { images: [images[0], 999] })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect((await sessions.list({}, signal)).sessions).toEqual([]);
    expect(store.database.prepare('SELECT count(*) AS n FROM review_groups').get()).toEqual({ n: 0 });
  });

  it('is removed with its last session', async () => {
    const { sessions: made } = await group(['Ada', 'Åsa'], 1);
    const left = () => store.database.prepare('SELECT count(*) FROM review_groups').pluck().get();
    await sessions.remove({ session: made[0].id }, signal);
    expect(left()).toBe(1);
    await sessions.remove({ session: made[1].id }, signal);
    expect(left()).toBe(0);
  });
});

describe('an adjudication', () => {
  /** Two reviews that disagree on the second and third image. */
  async function disagreeing() {
    const [first, second] = [await start('Ada'), await start('Åsa')];
    for (const [image, mine, other] of [
      [images[0], 'accept', 'accept'],
      [images[1], 'accept', 'reject'],
      [images[2], 'reject', 'unsure'],
    ] as const) {
      await say(first.id, image, mine);
      await say(second.id, image, other);
    }
    await say(first.id, images[3], 'reject');
    return { first: first.id, second: second.id };
  }

  it('is a session over the disagreements that shows both verdicts', async () => {
    const between = await disagreeing();
    const made = await sessions.adjudicate({ ...between, operator: 'Cy' }, signal);
    expect(made).toMatchObject({
      operator: 'Cy',
      blind: false,
      total: 2,
      name: 'Adjudication of Ada and Åsa',
      adjudicates: { first: { operator: 'Ada' }, second: { operator: 'Åsa' } },
    });
    const { images: settled, pairs } = await sessions.get({ session: made.id }, signal);
    expect(settled).toEqual([images[1], images[2]]);
    expect(pairs.find(({ image }) => image === images[2])).toMatchObject({
      first: { verdict: 'reject' },
      second: { verdict: 'unsure' },
    });
    expect((await sessions.get({ session: between.first }, signal)).pairs).toEqual([]);
  });

  it('turns accepted images into normal ones, with author and source', async () => {
    const { id } = await sessions.adjudicate({ ...(await disagreeing()), operator: 'Cy' }, signal);
    await say(id, images[1], 'accept');
    await say(id, images[2], 'reject', 'hole');
    const { verdicts } = await sessions.gold({ session: id }, signal);
    expect(verdicts.map(({ gold, source }) => `${gold} ${source}`)).toEqual([
      'accept agreed',
      'accept adjudicated',
      'reject adjudicated',
    ]);
    const adopt = (preview: boolean) =>
      sessions.adoptGold({ session: id, author: 'Cy', overwrite: false, preview }, signal);
    const expected = { needsMask: [images[2]], contradicted: [], undecided: [] };
    const preview = await adopt(true);
    expect(preview).toMatchObject({ ...expected, unchanged: [] });
    expect(ascending(preview.adopted)).toEqual([images[0], images[1]]);
    expect(store.revisions.latest(images[0])).toBeUndefined();

    let announced = 0;
    store.changes.on('datasets', () => announced++);
    await adopt(false);
    expect(announced).toBe(1);
    expect(store.revisions.latest(images[1])).toMatchObject({
      groundTruth: 'normal',
      author: 'Cy',
      source: 'adjudicated',
      revision: 1,
    });
    expect(store.revisions.latest(images[2])).toBeUndefined();
    // Adopting again changes nothing.
    expect(await adopt(false)).toMatchObject({ ...expected, adopted: [] });
    expect(store.revisions.listByImage(images[1])).toHaveLength(1);

    const table = await sessions.exportGold({ session: id, format: 'csv' }, signal);
    expect(table.name).toBe('Adjudication of Ada and Åsa-gold.csv');
    expect(table.content).toContain(
      'Cy,Ada,Åsa,linen,test/hole/2.png,reject,adjudicated,hole,,reject,unsure,unknown',
    );
    const { content } = await sessions.exportGold({ session: id, format: 'json' }, signal);
    expect((JSON.parse(content) as { images: object[] }).images).toHaveLength(3);
  });

  it('is refused without disagreements, and for reviews that do not belong together', async () => {
    const { first, second } = await disagreeing();
    const adjudicate = (a: number, b: number) =>
      sessions.adjudicate({ first: a, second: b, operator: 'Cy' }, signal);
    await expect(adjudicate(first, first)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(adjudicate(first, 99)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const third = await start('Bo');
    await expect(adjudicate(first, third.id)).rejects.toMatchObject({ code: 'CONFLICT' });
    const silk = addImages(store, [{}], 'silk');
    const other = await start('Bo', silk);
    await expect(adjudicate(first, other.id)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(sessions.gold({ session: second }, signal)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('keeps the reviews that it settles from being removed', async () => {
    const { first, second } = await disagreeing();
    const { id } = await sessions.adjudicate({ first, second, operator: 'Cy' }, signal);
    await expect(sessions.remove({ session: first }, signal)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(sessions.remove({ session: second }, signal)).rejects.toMatchObject({ code: 'CONFLICT' });
    await sessions.remove({ session: id }, signal);
    await sessions.remove({ session: first }, signal);
    store.datasets.remove(dataset);
    expect((await sessions.list({}, signal)).sessions).toEqual([]);
  });
});
