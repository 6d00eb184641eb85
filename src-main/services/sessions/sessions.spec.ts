import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceOf } from '../../common/api/service.ts';
import { type sessions as procedures, type Verdict, verdict } from '../../common/api/sessions.ts';
import type { Store } from '../../store/store.ts';
import { addImages, addResult, temporaryStore } from '../../test/store.ts';
import { openSessions } from './sessions.ts';

const signal = new AbortController().signal;
const recipes = { decisions: async () => ({ decisions: [] }) };
let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
let sessions: ServiceOf<typeof procedures>;
let dataset: number;
let images: number[];

beforeEach(() => {
  temporary = temporaryStore();
  store = temporary.store;
  sessions = openSessions(store, recipes);
  ({ dataset, images } = addImages(
    store,
    Array.from({ length: 6 }, () => ({})),
  ));
});
afterEach(() => temporary.dispose());

const start = (given: Partial<Parameters<typeof sessions.create>[0]> = {}) =>
  sessions.create(
    {
      dataset,
      operator: 'Ada',
      method: null,
      filter: '',
      images,
      blind: false,
      heatmapHidden: false,
      ...given,
    },
    signal,
  );
const setVerdict = (session: number, image: number, said: Verdict, defectType = '', note = '') =>
  sessions.setVerdict({ session, image, verdict: said, defectType, note }, signal);
const get = (session: number) => sessions.get({ session }, signal);

describe('a session', () => {
  it('keeps its images in the order of review, each once', async () => {
    const [a, b, c] = images;
    const { id, total, reviewed, name, endedAt } = await start({ images: [c, a, b, a] });
    expect({ total, reviewed, endedAt }).toEqual({ total: 3, reviewed: 0, endedAt: null });
    expect(name).toBe(`Review ${id}`);
    expect((await get(id)).images).toEqual([c, a, b]);
  });

  it('is refused for missing images, datasets or methods, and leaves no data', async () => {
    const other = addImages(store, [{}], 'silk');
    await expect(start({ images: [images[0], other.images[0]] })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    await expect(start({ dataset: 99 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(start({ method: 99 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await sessions.list({}, signal)).sessions).toEqual([]);
  });

  it('returns the latest verdict on an image', async () => {
    const { id } = await start();
    await setVerdict(id, images[1], 'reject', 'hole');
    await setVerdict(id, images[0], 'accept');
    await setVerdict(id, images[1], 'unsure', '', 'glare?');
    const { session, verdicts } = await get(id);
    expect(session.reviewed).toBe(2);
    expect(verdicts).toMatchObject([
      { image: images[0], verdict: 'accept' },
      { image: images[1], verdict: 'unsure', defectType: '', note: 'glare?' },
    ]);
  });

  it('stores no duplicate when the same verdict is repeated', async () => {
    const { id } = await start();
    const first = await setVerdict(id, images[0], 'reject', 'hole');
    expect(await setVerdict(id, images[0], 'reject', 'hole')).toEqual(first);
    expect(await sessions.undo({ session: id }, signal)).toMatchObject({ imageVerdict: null });
  });

  it('refuses verdicts once it is finished, until it is reopened', async () => {
    const { id } = await start();
    await setVerdict(id, images[0], 'accept');
    const { endedAt } = await sessions.finish({ session: id }, signal);
    expect(endedAt).not.toBeNull();
    expect(await sessions.finish({ session: id }, signal)).toMatchObject({ endedAt });
    await expect(setVerdict(id, images[1], 'accept')).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(sessions.undo({ session: id }, signal)).rejects.toMatchObject({ code: 'CONFLICT' });
    await sessions.reopen({ session: id }, signal);
    expect((await setVerdict(id, images[1], 'accept')).session.reviewed).toBe(2);
  });

  it('refuses a verdict on an image outside the session', async () => {
    const { id } = await start({ images: images.slice(0, 2) });
    await expect(setVerdict(id, images[3], 'accept')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(setVerdict(99, images[0], 'accept')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is removed with its verdicts', async () => {
    const { id } = await start();
    await setVerdict(id, images[0], 'accept');
    await sessions.remove({ session: id }, signal);
    await expect(get(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await sessions.verdicts({ dataset }, signal)).verdicts).toEqual([]);
    await expect(sessions.remove({ session: id }, signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('undo', () => {
  it('reverts every step, back to the start', async () => {
    const step = fc.record({ image: fc.nat({ max: 5 }), said: fc.constantFrom(...verdict.options) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const { id } = await start();
        const states = [await get(id)];
        for (const { image, said } of steps) {
          await setVerdict(id, images[image], said);
          const state = await get(id);
          if (JSON.stringify(state) !== JSON.stringify(states.at(-1))) states.push(state);
        }
        for (const before of states.slice(0, -1).reverse()) {
          const { image, imageVerdict } = await sessions.undo({ session: id }, signal);
          expect(before.verdicts.find((each) => each.image === image) ?? null).toEqual(imageVerdict);
          expect(await get(id)).toEqual(before);
        }
        expect(await sessions.undo({ session: id }, signal)).toMatchObject({
          image: null,
          imageVerdict: null,
        });
      }),
      { numRuns: 20 },
    );
  });
});

describe('the summary of a finished session', () => {
  it('uses the ground truth, the threshold of the class and the threshold set by an operator', async () => {
    const method = store.methods.upsertImported('anomalib').id;
    const imported = { author: '', source: 'imported', pixels: 0, mask: null } as const;
    store.revisions.add({ ...imported, image: images[0], groundTruth: 'normal' });
    // The middle suggestion, 3, is the class's threshold.
    for (const [at, [max, threshold]] of [
      [2, 1],
      [3, 3],
      [4, 9],
    ].entries())
      await addResult(store, { image: images[at], method, max, threshold });
    const { id } = await start({ method });
    await setVerdict(id, images[0], 'accept');
    await setVerdict(id, images[1], 'reject', 'hole');
    await setVerdict(id, images[2], 'accept');
    await setVerdict(id, images[3], 'unsure');

    const summary = await sessions.summary({ session: id }, signal);
    expect(summary.verdicts).toEqual({ accept: 2, reject: 1, unsure: 1 });
    expect(summary.byGroundTruth.accept).toEqual({ unknown: 1, normal: 1, masked: 0 });
    expect(summary.byScore.accept).toEqual({ above: 1, below: 1, unknown: 0 });
    expect(summary.byScore.reject).toEqual({ above: 1, below: 0, unknown: 0 });
    expect(summary.byScore.unsure).toEqual({ above: 0, below: 0, unknown: 1 });

    store.thresholds.set(dataset, method, 'linen', 3.5);
    const { byScore } = await sessions.summary({ session: id }, signal);
    expect([byScore.accept, byScore.reject]).toEqual([
      { above: 1, below: 1, unknown: 0 },
      { above: 0, below: 1, unknown: 0 },
    ]);
  });

  it('is exported with formulas escaped in CSV and unchanged in JSON', async () => {
    const { id } = await start({ name: 'Früh/../"A"', images: images.slice(0, 2) });
    await setVerdict(id, images[0], 'reject', '=cmd|x', 'a "hole",\nat the edge');
    const table = await sessions.export({ session: id, format: 'csv' }, signal);
    expect(table).toMatchObject({ name: 'Früh-..-A.csv', mediaType: 'text/csv;charset=utf-8' });
    expect(table.content).toContain(`,reject,'=cmd|x,"a ""hole"",\nat the edge",`);
    expect(table.content.split('\r\n')).toHaveLength(4);
    const { content } = await sessions.export({ session: id, format: 'json' }, signal);
    expect(JSON.parse(content)).toMatchObject({
      session: { id, operator: 'Ada' },
      images: [{ verdict: 'reject', defectType: '=cmd|x', sha256: 'f'.repeat(64) }, { verdict: null }],
    });
  });

  it('is exported with the scale of each image, if that is known', async () => {
    const { id } = await start({ images: images.slice(0, 1) });
    const exported = async () =>
      JSON.parse((await sessions.export({ session: id, format: 'json' }, signal)).content);
    expect(await exported()).toMatchObject({ images: [{ mmPerPixelAcross: null, mmPerPixelAlong: null }] });
    const scale = { across: 0.1, along: 0.2 };
    store.classScales.set(dataset, 'linen', { scale, source: 'typed', author: 'Ada' });
    expect(await exported()).toMatchObject({ images: [{ mmPerPixelAcross: 0.1, mmPerPixelAlong: 0.2 }] });
  });

  it('compares two operators by their last verdict on each image', async () => {
    const [first, second] = [await start(), await start({ operator: 'Åsa' })];
    await setVerdict(first.id, images[0], 'accept');
    await setVerdict(first.id, images[1], 'accept');
    await setVerdict(second.id, images[1], 'reject');
    await setVerdict(first.id, images[2], 'reject');
    const between = { first: first.id, second: second.id };
    expect(await sessions.agreement(between, signal)).toMatchObject({
      both: 1,
      disagreements: [{ image: images[1] }],
    });
    const { verdicts } = await sessions.verdicts({ dataset }, signal);
    expect(verdicts.map((each) => each.verdict)).toEqual(['accept', 'reject', 'reject']);
    await expect(sessions.agreement({ first: first.id, second: 99 }, signal)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('verdicts of other processes', () => {
  const operator = (session: number, over: number[]) =>
    spawn(
      process.execPath,
      [join(import.meta.dirname, 'test/operator.ts'), temporary.home, ...[session, ...over].map(String)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );

  it('are stored once the call has returned, even if the process is killed', async () => {
    const many = addImages(
      store,
      Array.from({ length: 400 }, () => ({})),
      'silk',
    );
    const { id } = await start(many);
    const child = operator(id, many.images);
    let reported = '';
    child.stdout.on('data', (chunk: Buffer) => {
      reported += chunk.toString();
      if (reported.split('\n').length > 20) child.kill('SIGKILL');
    });
    await once(child, 'close');
    const kept = reported.split('\n').slice(0, -1).map(Number);
    expect(child.signalCode).toBe('SIGKILL');
    const { verdicts } = await get(id);
    expect(verdicts.map(({ image }) => image)).toEqual(expect.arrayContaining(kept));
    expect(verdicts.length - kept.length).toBeLessThanOrEqual(1);
  });

  it('do not interfere with each other', async () => {
    const many = addImages(
      store,
      Array.from({ length: 60 }, () => ({})),
      'silk',
    );
    const { id } = await start(many);
    const children = [0, 1].map((part) =>
      operator(
        id,
        many.images.filter((_, at) => at % 2 === part),
      ),
    );
    await Promise.all(children.map((child) => once(child, 'exit')));
    expect(children.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect((await get(id)).verdicts.map(({ image }) => image)).toEqual(many.images);
  });
});
