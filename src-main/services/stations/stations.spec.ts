import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { copyFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PerchError } from '../../common/api/errors.ts';
import type { Piece, StationEvent } from '../../common/api/station.ts';
import { EngineClient } from '../../engine/client/engine-client.ts';
import type { Store } from '../../store/store.ts';
import { Store as OtherStore } from '../../store/store.ts';
import { temporaryStore } from '../../test/store.ts';
import { decideDataset } from '../recipes/decide-dataset.ts';
import { removeRecipe } from '../recipes/assign-recipe.ts';
import { openRecipes } from '../recipes/recipes.ts';
import type { Services } from '../types.ts';
import { openStations } from './stations.ts';
import { addRecipe, addStation, cloth, dropCloth } from './test/line.ts';
import { settled, until } from './test/settled.ts';

let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
let engine: EngineClient;
let stations: ReturnType<typeof openStations>;
let folder: string;
const { signal } = new AbortController();

beforeEach(() => {
  temporary = temporaryStore();
  ({ store } = temporary);
  engine = new EngineClient();
  stations = openStations({ store, engine });
  folder = join(temporary.home, 'line');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await stations.close();
  await engine.close();
  await temporary.dispose();
});

/** A watched station of `folder`. */
async function watch(wishes: Parameters<typeof addStation>[2] = {}): Promise<number> {
  const id = await addStation(store, folder, wishes);
  await stations.start({ station: id }, signal);
  return id;
}

const outcomes = (pieces: readonly Piece[]) =>
  pieces.map(({ file, state, decision, duplicateOf }) => [
    file,
    duplicateOf === null ? (decision ?? state) : 'duplicate',
  ]);
const count = async (station: number) => (await stations.shifts({ station, limit: 1 }, signal)).shifts[0];
const number = (sql: string) => store.database.prepare<[], number>(sql).pluck().get();

describe('pieces', () => {
  it('are decided in order of arrival, as the images of any dataset, those that were there first', async () => {
    mkdirSync(folder);
    await dropCloth(folder, [3, 1], [1]);
    await utimes(join(folder, '3.png'), 1e9, 1e9);
    await utimes(join(folder, '1.png'), 1e9 + 1, 1e9 + 1);
    const id = await watch();
    await settled(store, id, 2);
    await dropCloth(folder, [2]);
    const pieces = await settled(store, id, 3);
    expect(outcomes(pieces)).toEqual([
      ['3.png', 'pass'],
      ['1.png', 'reject'],
      ['2.png', 'pass'],
    ]);
    const { dataset } = store.stations.get(id);
    const decisions = await decideDataset({ store, engine }, dataset, signal);
    expect(
      pieces.map(({ image, result, map, score, decision }) => ({ image, result, map, score, decision })),
    ).toEqual(
      decisions.map(({ image, result, map, score, decision }) => ({ image, result, map, score, decision })),
    );
    expect(await count(id)).toMatchObject({ pieces: 3, pass: 2, reject: 1, rejectRate: 1 / 3, to: null });
  });

  it('that do not pass have their regions, and a reason', async () => {
    mkdirSync(folder);
    await dropCloth(folder, [1, 2], [2]);
    const [good, bad] = await settled(store, await watch(), 2);
    expect(good).toMatchObject({
      regions: [],
      regionsTotal: 0,
      reason: expect.stringContaining('No region'),
    });
    expect(bad).toMatchObject({
      regionsTotal: bad.regions.length,
      reason: expect.stringContaining('reject threshold 0.1'),
    });
    const [{ box, peak }] = bad.regions;
    expect(peak).toBeGreaterThanOrEqual(0.1);
    // The spot is at 12 to 24.
    expect(box.left).toBeLessThan(24);
    expect(box.left + box.width).toBeGreaterThan(12);
  });

  it('with the same content are duplicates, which count once', async () => {
    const id = await watch();
    await dropCloth(folder, [1], [1]);
    await settled(store, id, 1);
    await copyFile(join(folder, '1.png'), join(folder, 'copy.png'));
    const [original, copy] = await settled(store, id, 2);
    expect(copy).toMatchObject({ duplicateOf: original.id, decision: 'reject', image: original.image });
    expect(copy.reason).toContain('1.png');
    expect(await count(id)).toMatchObject({ pieces: 1, reject: 1, duplicates: 1 });
    expect(number('SELECT count(*) FROM images')).toBe(1);
  });

  it('that are renamed stay the same, and their image follows', async () => {
    const id = await watch();
    await dropCloth(folder, [1]);
    const [before] = await settled(store, id, 1);
    mkdirSync(join(folder, 'done'));
    await rename(join(folder, '1.png'), join(folder, 'done', 'one.png'));
    await until(() => store.pieces.get(before.id).file === 'done/one.png');
    expect(store.pieces.lastSequence(id)).toBe(1);
    expect(store.images.get(before.image ?? 0)).toMatchObject({ path: join(folder, 'done', 'one.png') });
  });

  it('that are renamed at their turn keep their place', async () => {
    mkdirSync(folder);
    await dropCloth(folder, [1, 2, 3]);
    const request = engine.request.bind(engine);
    vi.spyOn(engine, 'request').mockImplementation(((kind: string, ...rest: [{ path?: string }]) => {
      const isFirst = kind === 'ingestImage' && rest[0].path === join(folder, '1.png');
      if (isFirst) renameSync(join(folder, '1.png'), join(folder, 'one.png'));
      return (request as (...all: unknown[]) => unknown)(kind, ...rest);
    }) as never);
    const id = await watch();
    const pieces = await settled(store, id, 3);
    expect(outcomes(pieces)).toEqual([
      ['one.png', 'pass'],
      ['2.png', 'pass'],
      ['3.png', 'pass'],
    ]);
    const decidedAt = pieces.map((piece) => piece.decidedAt);
    expect(decidedAt).toEqual([...decidedAt].sort());
  });

  it('that replace a file are new ones, and the earlier one keeps its decision', async () => {
    const id = await watch();
    await writeFile(join(folder, 'live.png'), await cloth(1, { spot: true }));
    await settled(store, id, 1);
    await writeFile(join(folder, 'live.png'), await cloth(2));
    const [first, second] = await settled(store, id, 2);
    expect([first.decision, second.decision]).toEqual(['reject', 'pass']);
    expect([first.image, second.image]).toEqual([null, 1]);
  });

  it('are announced as added images, and as changed ones only if they replace a file', async () => {
    const emitted: string[] = [];
    for (const change of ['datasets', 'images'] as const)
      store.changes.on(change, () => void emitted.push(change));
    const id = await watch();
    await dropCloth(folder, [1]);
    await settled(store, id, 1);
    await copyFile(join(folder, '1.png'), join(folder, 'copy.png'));
    await settled(store, id, 2);
    await writeFile(join(folder, '1.png'), await cloth(2));
    await settled(store, id, 3);
    await until(() => emitted.length >= 2);
    expect(emitted).toEqual(['images', 'datasets']);
  });

  it('that cannot be read fail with the reason, and are read again when they are written again', async () => {
    const id = await watch();
    await writeFile(join(folder, 'a.png'), 'no image');
    await utimes(join(folder, 'a.png'), 1e9, 1e9);
    await dropCloth(folder, [1]);
    const pieces = await settled(store, id, 2);
    const failed = pieces.find(({ file }) => file === 'a.png');
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'NOT_AN_IMAGE' }, image: null });
    await writeFile(join(folder, 'a.png'), await cloth(2));
    const [, , again] = await settled(store, id, 3);
    expect(again).toMatchObject({ file: 'a.png', state: 'decided' });
  }, 60_000);

  it('whose file vanishes before its turn are dropped and said to be', async () => {
    const id = await addStation(store, folder);
    store.pieces.add(id, {
      file: 'gone.png',
      bytes: 9,
      mtimeMs: 1,
      sha256: 'a'.repeat(64),
      arrivedAt: new Date().toISOString(),
    });
    await dropCloth(folder, [1]);
    await stations.start({ station: id }, signal);
    expect(outcomes(await settled(store, id, 2))).toEqual([
      ['gone.png', 'dropped'],
      ['1.png', 'pass'],
    ]);
    expect(await count(id)).toMatchObject({ dropped: 1, pieces: 2 });
  });

  it('are none by hidden and temporary names', async () => {
    mkdirSync(join(folder, '.trash'), { recursive: true });
    for (const name of ['.a.png', 'b.png.tmp', 'notes.txt', '.trash/c.png'])
      await writeFile(join(folder, name), await cloth(1));
    const id = await watch();
    await rename(join(folder, 'b.png.tmp'), join(folder, 'b.png'));
    expect(outcomes(await settled(store, id, 1))).toEqual([['b.png', 'pass']]);
  });

  it('have no decision, and say why, if the recipe is not calibrated', async () => {
    mkdirSync(folder);
    await dropCloth(folder, [1]);
    const id = await watch({ recipe: addRecipe(store, { thresholds: null }) });
    const [piece] = await settled(store, id, 1);
    expect(piece).toMatchObject({ state: 'decided', decision: null, reason: 'The recipe is not calibrated' });
    expect(await count(id)).toMatchObject({ undecided: 1, pieces: 1, rejectRate: null });
  });

  it('of a polled folder are found as well', async () => {
    const id = await watch({ polling: true });
    await dropCloth(folder, [1, 2], [2]);
    expect(outcomes(await settled(store, id, 2)).map(([, outcome]) => outcome)).toEqual(['pass', 'reject']);
  });
});

describe('a station', () => {
  it('halts while the disk is full, says so, and continues by itself', async () => {
    const id = await watch();
    const write = vi
      .spyOn(store.blobs, 'write')
      .mockRejectedValue(new PerchError('DISK_FULL', 'The disk is full.'));
    await dropCloth(folder, [1]);
    const events: StationEvent[] = [];
    const stop = new AbortController();
    const following = (async () => {
      for await (const event of await stations.watch(undefined, stop.signal)) events.push(event);
    })();
    const isHalted = (code: string | undefined) => {
      const last = events.findLast((event) => event.type === 'status');
      return last?.type === 'status' && last.statuses[0].halted?.code === code;
    };
    await until(() => isHalted('DISK_FULL'));
    expect(store.pieces.backlog(id).count).toBe(1);
    write.mockRestore();
    expect(outcomes(await settled(store, id, 1))).toEqual([['1.png', 'pass']]);
    await until(() => isHalted(undefined));
    stop.abort();
    await following;
    expect(events.filter(({ type }) => type === 'piece')).toHaveLength(1);
  });

  it('keeps its waiting pieces while its folder is missing', async () => {
    const id = await watch();
    await dropCloth(folder, [1]);
    await settled(store, id, 1);
    renameSync(folder, `${folder} unmounted`);
    store.pieces.add(id, {
      file: '2.png',
      bytes: 9,
      mtimeMs: 1,
      sha256: null,
      arrivedAt: new Date().toISOString(),
    });
    const state = async () => (await stations.list(undefined, signal)).stations[0].state;
    await vi.waitFor(async () => expect(await state()).toBe('unavailable'), 20_000);
    await dropCloth(`${folder} unmounted`, [2]);
    renameSync(`${folder} unmounted`, folder);
    expect(outcomes(await settled(store, id, 2))).toEqual([
      ['1.png', 'pass'],
      ['2.png', 'pass'],
    ]);
    expect(await state()).toBe('watching');
  });

  it('is watched by one process only', async () => {
    const id = await watch();
    const other = openStations({ store: new OtherStore(temporary.home), engine });
    await expect(other.start({ station: id }, signal)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await other.list(undefined, signal)).stations[0].heldBy).toContain('watches this station');
    await expect(async () => other.remove({ station: id }, signal)).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await stations.stop({ station: id }, signal);
    await other.start({ station: id }, signal);
    expect((await stations.list(undefined, signal)).stations[0]).toMatchObject({ state: 'watching' });
    await other.close();
  });

  it('raises an alarm on consecutive rejects, until it is acknowledged', async () => {
    const id = await watch({ alarmAfter: 2 });
    const alarm = () => store.stations.get(id).alarm;
    await dropCloth(folder, [1, 2], [2]);
    await settled(store, id, 2);
    expect(alarm()).toBeNull();
    await dropCloth(folder, [3], [3]);
    await settled(store, id, 3);
    expect(alarm()).toMatchObject({ kind: 'consecutive' });
    await stations.acknowledgeAlarm({ station: id }, signal);
    await dropCloth(folder, [4], [4]);
    await settled(store, id, 4);
    expect(alarm()).toBeNull();
  });

  it('keeps what its rule says, and what a person touched', async () => {
    mkdirSync(folder);
    await dropCloth(folder, [1, 2, 3, 4, 5, 6], [2]);
    const id = await watch();
    const pieces = await settled(store, id, 6);
    const bad = pieces.findIndex(({ decision }) => decision === 'reject');
    const reviewed = pieces.findIndex(({ decision }) => decision === 'pass');
    await stations.verdict(
      { piece: pieces[reviewed].id, verdict: 'reject', defectType: 'hole', note: '', operator: 'Ada' },
      signal,
    );
    await stations.change(
      { station: id, keep: { days: null, pieces: 1, rejectsToo: false, records: null } },
      signal,
    );
    const kept = () => store.pieces.list(id, { limit: 9 }).filter(({ image }) => image !== null);
    await until(() => kept().length <= 3);
    expect(new Set(kept().map((piece) => piece.id))).toEqual(
      new Set([pieces[bad].id, pieces[reviewed].id, pieces[5].id]),
    );
    const pruned = store.pieces.list(id, { limit: 9 }).filter((piece) => piece.pruned);
    expect(pruned[0]).toMatchObject({ decision: 'pass', score: expect.any(Number), result: null, map: null });
    expect(number('SELECT count(*) FROM results')).toBe(kept().length);
    const [{ orphans }] = [await store.blobs.stats()];
    expect(orphans).toBe(0);
    await stations.change(
      { station: id, keep: { days: null, pieces: 1, rejectsToo: true, records: null } },
      signal,
    );
    await until(() => kept().length <= 2);
    // Files are never touched, and pruned pieces are not decided again.
    await stations.stop({ station: id }, signal);
    await stations.start({ station: id }, signal);
    await dropCloth(folder, [7]);
    expect(await settled(store, id, 7)).toHaveLength(7);
  });

  it('removes old records whose files are gone, and decides no file again', async () => {
    const id = await watch();
    await dropCloth(folder, [1, 2, 3, 4, 5, 6]);
    await settled(store, id, 6);
    const files = () =>
      store.pieces
        .list(id, { limit: 99 })
        .map(({ file }) => file)
        .reverse();
    await rm(join(folder, '1.png'));
    await rm(join(folder, '3.png'));
    await rm(join(folder, '6.png'));
    const keep = { days: null, pieces: 2, rejectsToo: true, records: 3 };
    await stations.change({ station: id, keep }, signal);
    await until(() => store.pieces.list(id, { limit: 99 }).length === 4);
    // The file of 2 is still there, and 6 is among the latest pieces.
    expect(files()).toEqual(['2.png', '4.png', '5.png', '6.png']);
    await stations.stop({ station: id }, signal);
    await stations.start({ station: id }, signal);
    await dropCloth(folder, [7]);
    await until(() => store.pieces.lastSequence(id) === 7 && store.pieces.backlog(id).count === 0);
    expect(files()).toContain('7.png');
    expect(await count(id)).toMatchObject({ pieces: 7 });
  });

  it('keeps the records of a folder that is missing', async () => {
    const id = await watch();
    await dropCloth(folder, [1, 2, 3]);
    await settled(store, id, 3);
    renameSync(folder, `${folder} away`);
    await stations.change(
      { station: id, keep: { days: null, pieces: 1, rejectsToo: true, records: 1 } },
      signal,
    );
    await until(() => store.pieces.list(id, { limit: 9 }).filter(({ pruned }) => pruned).length === 2);
    await pause(1500);
    expect(store.pieces.list(id, { limit: 9 })).toHaveLength(3);
    renameSync(`${folder} away`, folder);
  });

  it('keeps its recipe and its dataset', async () => {
    const id = await watch();
    const { recipe } = store.stations.get(id);
    const station = store.stations.get(id);
    expect(store.recipes.listAssigned(station.dataset).get('cloth')).toBe(recipe);
    store.recipes.assign(station.dataset, 'cloth', null);
    expect(() => removeRecipe(store, recipe)).toThrow(/station "line"/);
  });

  it('has the recipe of its class, whichever of the two changes', async () => {
    mkdirSync(folder);
    await dropCloth(folder, [1]);
    const id = await watch();
    await settled(store, id, 1);
    const { dataset, textureClass } = store.stations.get(id);
    const recipes = openRecipes(store, engine, {} as Services['runs']);
    const both = () => [store.stations.get(id).recipe, store.recipes.listAssigned(dataset).get(textureClass)];
    const strict = addRecipe(store, { thresholds: { review: 1e-6, reject: 2e-6 } }, 'strict');
    await recipes.assign({ dataset, textureClass, recipe: strict }, signal);
    expect(both()).toEqual([strict, strict]);
    await dropCloth(folder, [2]);
    expect(outcomes(await settled(store, id, 2))[1]).toEqual(['2.png', 'reject']);
    const third = addRecipe(store, {}, 'third');
    await stations.change({ station: id, recipe: third }, signal);
    expect(both()).toEqual([third, third]);

    const assigning = async (recipe: number | null) =>
      recipes.assign({ dataset, textureClass, recipe }, signal);
    await expect(assigning(null)).rejects.toMatchObject({ code: 'CONFLICT' });
    const unusable = addRecipe(store, { method: { extractor: 'colors', memory: 'nearest' } }, 'other');
    await expect(assigning(unusable)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const creating = async () =>
      recipes.create({ name: 'new', dataset, classes: [textureClass], author: 'Ada', reason: '' }, signal);
    await expect(creating()).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(both()).toEqual([third, third]);
    await stations.stop({ station: id }, signal);
    const { id: created } = await creating();
    expect(both()).toEqual([created, created]);
  });

  it.each([
    ['a missing folder', 'NOT_FOUND', () => ({ folder: '/no/such/folder' })],
    ['a name that is taken', 'CONFLICT', () => ({ name: 'line' })],
    [
      'a method that needs normal images',
      'INVALID_ARGUMENT',
      () => ({ recipe: addRecipe(store, { method: { extractor: 'colors', memory: 'nearest' } }, 'other') }),
    ],
  ])('is refused with %s', async (_, code, wishes) => {
    const { recipe } = store.stations.get(await watch());
    const other = join(temporary.home, 'other');
    mkdirSync(other);
    const creating = stations.create(
      {
        name: 'other',
        folder: other,
        recipe,
        rollDirection: null,
        shifts: ['00:00'],
        alarmAfter: 0,
        keep: { days: null, pieces: null, rejectsToo: false, records: null },
        ...wishes(),
      },
      signal,
    );
    await expect(creating).rejects.toMatchObject({ code });
    expect(store.stations.list()).toHaveLength(1);
  });
});

describe('a verdict on a piece', () => {
  const said = { defectType: '', note: '', operator: 'Ada' };

  it("is one of the operator's review session of the shift, and overrules the decision", async () => {
    mkdirSync(folder);
    await dropCloth(folder, [1, 2], [2]);
    const id = await watch();
    const pieces = await settled(store, id, 2);
    await stations.verdict({ ...said, piece: pieces[0].id, verdict: 'reject' }, signal);
    const piece = await stations.verdict({ ...said, piece: pieces[1].id, verdict: 'reject' }, signal);
    expect(piece).toMatchObject({ verdict: 'reject', operator: 'Ada' });
    const sessions = store.sessions.listByDataset(store.stations.get(id).dataset);
    expect(sessions).toMatchObject([
      { operator: 'Ada', total: 2, reviewed: 2, name: expect.stringMatching(/^line, /) },
    ]);
    expect(await count(id)).toMatchObject({ overruled: 1 });
    store.verdicts.undo(sessions[0].id);
    store.verdicts.undo(sessions[0].id);
    expect(store.pieces.get(pieces[0].id)).toMatchObject({ verdict: null, operator: null });
    expect(await count(id)).toMatchObject({ overruled: 0 });
  });

  it('is refused for a piece without an image', async () => {
    const id = await addStation(store, folder);
    const piece = store.pieces.add(id, {
      file: 'a.png',
      bytes: 9,
      mtimeMs: 1,
      sha256: null,
      arrivedAt: new Date().toISOString(),
    });
    await expect(async () => stations.verdict({ ...said, piece, verdict: 'accept' }, signal)).rejects.toThrow(
      /waits for its decision/,
    );
  });
});

it('a piece that another process settled is reported', async () => {
  mkdirSync(folder);
  const id = await watch();
  const other = openStations({ store: new OtherStore(temporary.home), engine });
  const stop = new AbortController();
  const events = await other.watch(undefined, stop.signal);
  const seen: number[] = [];
  const following = (async () => {
    for await (const event of events) if (event.type === 'piece') seen.push(event.piece.sequence);
  })();
  await dropCloth(folder, [1, 2]);
  await settled(store, id, 2);
  await until(() => seen.length === 2);
  expect(seen).toEqual([1, 2]);
  stop.abort();
  await following;
  await other.close();
});

it('removing files is not the business of a station', async () => {
  const id = await watch();
  await dropCloth(folder, [1]);
  await settled(store, id, 1);
  await rm(join(folder, '1.png'));
  rmSync(join(folder, '1.png'), { force: true });
  await stations.stop({ station: id }, signal);
  await stations.start({ station: id }, signal);
  expect(outcomes(await settled(store, id, 1))).toEqual([['1.png', 'pass']]);
});
