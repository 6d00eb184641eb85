import { mkdirSync } from 'node:fs';
import { rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PieceFrame } from '../../common/api/station-frames.ts';
import type { Piece } from '../../common/api/station.ts';
import { EngineClient } from '../../engine/client/engine-client.ts';
import type { Store } from '../../store/store.ts';
import type { Roll } from '../../common/api/rolls.ts';
import { openRolls } from '../rolls/rolls.ts';
import { openSettings } from '../settings/settings.ts';
import type { Services } from '../types.ts';
import { temporaryStore } from '../../test/store.ts';
import { openStations } from './stations.ts';
import { addStation, cloth } from './test/line.ts';
import { settled, until } from './test/settled.ts';

let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
let engine: EngineClient;
let stations: ReturnType<typeof openStations>;
let folder: string;
/** The frames of the pieces, as outputs get them. */
let sent: (number | undefined)[];
const { signal } = new AbortController();

beforeEach(() => {
  temporary = temporaryStore();
  ({ store } = temporary);
  engine = new EngineClient();
  sent = [];
  stations = openStations({ store, engine, onSettled: (_, { frame }) => void sent.push(frame?.number) });
  folder = join(temporary.home, 'line');
});
afterEach(async () => {
  await stations.close();
  await engine.close();
  await temporary.dispose();
});

async function watch(wishes: Parameters<typeof addStation>[2] = {}): Promise<number> {
  const id = await addStation(store, folder, { rollDirection: 'down', ...wishes });
  await stations.start({ station: id }, signal);
  return id;
}

/** Frames of a roll, in one folder. A frame of cloth is 48 pixels wide and `length` pixels long. */
async function lay(roll: string, frames: Record<string, { spot?: boolean; length?: number } | 'broken'>) {
  mkdirSync(join(folder, roll), { recursive: true });
  for (const [name, frame] of Object.entries(frames)) {
    const path = join(folder, roll, name);
    if (frame === 'broken') {
      await writeFile(path, 'no image');
      await utimes(path, 1e9, 1e9);
      continue;
    }
    const { spot = false, length = 48 } = frame;
    const whole = await cloth(
      [...`${roll}/${name}`].reduce((seed, letter) => 31 * seed + letter.charCodeAt(0), 7) % 1e6,
      { spot },
    );
    await writeFile(
      path,
      length === 48
        ? whole
        : await sharp(whole).extract({ left: 0, top: 0, width: 48, height: length }).png().toBuffer(),
    );
  }
}

const places = (pieces: readonly Piece[]) =>
  pieces.map(({ file, frame }) => [file, frame?.number, frame?.offset, frame?.length]);
const setScale = (id: number, along: number) => {
  const { dataset, textureClass } = store.stations.get(id);
  store.classScales.set(dataset, textureClass, {
    scale: { across: 0.5, along },
    source: 'typed',
    author: 'Ada',
  });
};
const rollOf = async (station: number, roll?: string) =>
  await stations.roll({ station, rule: 'four-point', ...(roll !== undefined && { roll }) }, signal);

describe('frames of a roll', () => {
  it('have their places in the order of their names, one roll for each folder', async () => {
    await lay('A', { '10.png': {}, '9.png': { spot: true }, '11.png': { length: 30 } });
    const id = await watch();
    const pieces = await settled(store, id, 3);
    expect(places(pieces)).toEqual([
      ['A/9.png', 1, 0, 48],
      ['A/10.png', 2, 48, 48],
      ['A/11.png', 3, 96, 30],
    ]);
    expect(sent).toEqual([1, 2, 3]);
    await lay('B', { '1.png': {} });
    await lay('A', { '12.png': {} });
    await settled(store, id, 5);
    const { rolls } = await stations.rolls({ station: id, limit: 9 }, signal);
    const byName = rolls.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(byName).toMatchObject([
      { name: 'A', frames: 4, widthPixels: 48, lengthPixels: 174, direction: 'down', scale: null },
      { name: 'B', frames: 1, lengthPixels: 48 },
    ]);
  });

  it('have their defects in millimeters along the roll, and a grade so far', async () => {
    const id = await watch();
    setScale(id, 10);
    await lay('A', { '1.png': {}, '2.png': { spot: true } });
    const [, second] = await settled(store, id, 2);
    expect(second.frame).toEqual<PieceFrame>({
      roll: 'A',
      number: 2,
      offset: 48,
      length: 48,
      width: 48,
      assumed: false,
      mm: { offset: 480, length: 480 },
    });
    const { roll, defects, grade, notes, rule } = await rollOf(id);
    expect(roll).toMatchObject({
      roll: 'A',
      name: 'A',
      frames: 2,
      lengthPixels: 96,
      scale: { across: 0.5, along: 10 },
    });
    expect(notes).toEqual([]);
    expect(rule.name).toBe('four-point');
    const [{ box, area }] = second.regions;
    expect(defects).toHaveLength(second.regionsTotal);
    expect(defects[0]).toMatchObject({
      id: '2.1',
      piece: second.id,
      frame: 2,
      box: { ...box, top: box.top + 48 },
      mm: {
        along: 10 * (48 + box.top + box.height / 2),
        across: 0.5 * (box.left + box.width / 2),
        area: 5 * area,
      },
      assessment: null,
      counted: true,
    });
    expect(grade?.totalPoints).toBeGreaterThan(0);
    // The grade is that of the length so far.
    expect(grade?.stretches.at(-1)?.to).toBeCloseTo(960);
  });

  it('that an operator accepts have no defects that count', async () => {
    const id = await watch();
    setScale(id, 10);
    await lay('A', { '1.png': { spot: true } });
    const [piece] = await settled(store, id, 1);
    expect((await rollOf(id)).grade?.totalPoints).toBeGreaterThan(0);
    const said = { verdict: 'accept' as const, defectType: '', note: '', operator: 'Ada' };
    await stations.verdict({ piece: piece.id, ...said }, signal);
    const { defects, grade } = await rollOf(id);
    expect(grade?.totalPoints).toBe(0);
    expect(defects[0]).toMatchObject({ counted: false, assessment: { verdict: 'accept', operator: 'Ada' } });
  });

  it('that cannot be read hold up the later ones, and have the length of the one before', async () => {
    await lay('A', { '1.png': { length: 40 }, '2.png': 'broken', '3.png': {} });
    const id = await watch();
    const pieces = await settled(store, id, 3);
    expect(places(pieces)).toEqual([
      ['A/1.png', 1, 0, 40],
      ['A/2.png', 2, 40, 40],
      ['A/3.png', 3, 80, 48],
    ]);
    expect(pieces[1]).toMatchObject({ state: 'failed', frame: { assumed: true } });
    expect((await rollOf(id)).notes).toContainEqual(expect.stringMatching(/^Frame 2 could not be read/));
    // The file is written again: the frame keeps its place.
    await lay('A', { '2.png': { length: 40, spot: true } });
    const [, , , again] = await settled(store, id, 4);
    expect(again.frame).toMatchObject({ number: 2, offset: 40, length: 40, assumed: false });
    const { roll, defects, notes } = await rollOf(id);
    expect(roll).toMatchObject({ frames: 3, lengthPixels: 128 });
    expect(new Set(defects.map(({ frame }) => frame))).toEqual(new Set([2]));
    expect(notes.join()).not.toContain('could not be read');
  }, 60_000);

  it('with the same content have places of their own', async () => {
    const id = await watch();
    mkdirSync(join(folder, 'A'));
    for (const name of ['1.png', '2.png'])
      await writeFile(join(folder, 'A', name), await cloth(1, { spot: true }));
    const pieces = await settled(store, id, 2);
    expect(places(pieces)).toEqual([
      ['A/1.png', 1, 0, 48],
      ['A/2.png', 2, 48, 48],
    ]);
    expect((await rollOf(id)).defects.map(({ frame }) => frame)).toEqual([1, 2]);
  });

  it('are searched for repeating defects up to a limit, which is said', async () => {
    const id = await addStation(store, folder, { rollDirection: 'down' });
    const regions = Array.from({ length: 2001 }, (_, at) => ({
      box: { left: (37 * at) % 1000, top: at, width: 2, height: 2 },
      area: 4,
      peak: 1,
    }));
    const add = (frame: number, from: number, to: number) => {
      const piece = store.pieces.add(id, {
        file: `${frame}.png`,
        bytes: 1,
        mtimeMs: 1,
        sha256: null,
        arrivedAt: 't',
      });
      store.pieces.settle(piece, {
        state: 'decided',
        decision: 'reject',
        score: 1,
        reason: '',
        recipe: null,
        revision: null,
        regions: regions.slice(from, to),
        regionsTotal: to - from,
        image: null,
        result: null,
        shift: 's',
        error: null,
        at: new Date(),
      });
      const place = { roll: '', number: frame, offset: 5000 * (frame - 1), length: 5000, width: 1000 };
      store.pieceFrames.place(piece, { ...place, assumed: false });
    };
    add(1, 0, 2000);
    expect((await rollOf(id)).notes.join()).not.toContain('not sought');
    add(2, 2000, 2001);
    expect(await rollOf(id)).toMatchObject({
      repeats: [],
      notes: expect.arrayContaining([expect.stringContaining('not sought among more than 2000')]),
    });
  });

  it('stay where they are when their file is moved', async () => {
    const id = await watch();
    await lay('A', { '1.png': {} });
    const [piece] = await settled(store, id, 1);
    mkdirSync(join(folder, 'done'));
    await rename(join(folder, 'A', '1.png'), join(folder, 'done', '1.png'));
    await until(() => store.pieces.get(piece.id).file === 'done/1.png');
    expect(store.pieces.get(piece.id).frame).toMatchObject({ roll: 'A', number: 1 });
    await lay('A', { '2.png': {} });
    expect((await settled(store, id, 2))[1].frame).toMatchObject({ roll: 'A', number: 2, offset: 48 });
  });

  it('that travel to the right lie along the width of the image; gaps in the numbers are said', async () => {
    const id = await watch({ rollDirection: 'right' });
    await lay('', { '1.png': { length: 30 }, '3.png': { length: 30 } });
    const pieces = await settled(store, id, 2);
    expect(places(pieces)).toEqual([
      ['1.png', 1, 0, 48],
      ['3.png', 2, 48, 48],
    ]);
    const { roll, notes } = await rollOf(id);
    expect(roll).toMatchObject({
      roll: '',
      name: 'line',
      widthPixels: 30,
      lengthPixels: 96,
      direction: 'right',
    });
    expect(notes).toEqual([
      expect.stringContaining('no scale'),
      expect.stringContaining('1 frame is missing in the numbering: 2.'),
    ]);
  });
});

it('the folder of a roll can be imported as one image, and the station continues', async () => {
  const id = await watch();
  await lay('A', { '1.png': {}, '2.png': { spot: true } });
  const before = await settled(store, id, 2);
  const rolls = openRolls({ store, engine, runs: {} as Services['runs'], settings: openSettings(store) });
  let imported: Roll | undefined;
  for await (const event of await rolls.import({ source: { path: join(folder, 'A') } }, signal))
    if (event.type === 'imported') imported = event.roll;
  expect(imported).toMatchObject({ dataset: store.stations.get(id).dataset, frames: 2, lengthPixels: 96 });
  await lay('A', { '3.png': {} });
  const pieces = await settled(store, id, 3);
  expect(pieces[2]).toMatchObject({ state: 'decided', frame: { number: 3, offset: 96 } });
  expect(pieces.slice(0, 2).map(({ image, result }) => [image, result])).toEqual(
    before.map(({ image, result }) => [image, result]),
  );
});

describe('a station', () => {
  it('without rolls has no frames, and says so', async () => {
    const id = await watch({ rollDirection: null });
    await lay('A', { '1.png': {} });
    const [piece] = await settled(store, id, 1);
    expect(piece.frame).toBeNull();
    await expect(rollOf(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('keeps its direction once it has frames, and leaves an entry when it gets one', async () => {
    const id = await watch({ rollDirection: null });
    await stations.change({ station: id, rollDirection: 'right' }, signal);
    expect(store.audit.list({ subject: { type: 'station' } })[0]).toMatchObject({
      action: 'changed',
      before: { rollDirection: null },
      after: { rollDirection: 'right' },
    });
    await lay('A', { '1.png': {} });
    const [piece] = await settled(store, id, 1);
    expect(piece.frame).toMatchObject({ number: 1 });
    await expect(stations.change({ station: id, rollDirection: 'down' }, signal)).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });
});
