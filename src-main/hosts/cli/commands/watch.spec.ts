import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { StationRollDefects } from '../../../common/api/station-frames.ts';
import type { Piece, Station, StationStatus } from '../../../common/api/station.ts';
import type { Store } from '../../../store/store.ts';
import { addRecipe, dropCloth } from '../../../services/stations/test/line.ts';
import { until } from '../../../services/stations/test/settled.ts';
import { temporaryStore } from '../../../test/store.ts';

type Line =
  | { type: 'station'; station: Station }
  | { type: 'piece'; piece: Piece }
  | { type: 'roll'; roll: StationRollDefects }
  | { type: 'status'; status: StationStatus };

const entry = fileURLToPath(new URL('../start.js', import.meta.url));
let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
let folder: string;

beforeEach(() => {
  temporary = temporaryStore();
  ({ store } = temporary);
  folder = join(temporary.home, 'line');
  mkdirSync(folder);
});
afterEach(() => temporary.dispose());

/** Starts `perch watch`. `end` presses Ctrl-C. */
function startWatch(...args: string[]) {
  const child = spawn(process.execPath, [entry, 'watch', folder, ...args], {
    env: { ...process.env, PERCH_HOME: temporary.home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const lines: string[] = [];
  let messages = '';
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  child.stderr.on('data', (chunk: Buffer) => (messages += chunk.toString()));
  return {
    lines,
    messages: () => messages,
    closed,
    async end() {
      child.kill('SIGINT');
      return (await closed)[0];
    },
  };
}

const settled = (count: number) =>
  store.database.prepare<[], number>("SELECT count(*) FROM pieces WHERE state <> 'waiting'").pluck().get() ===
  count;

it('prints a line for each piece, and ends cleanly', async () => {
  addRecipe(store);
  await dropCloth(folder, [1]);
  const watch = startWatch('--recipe', 'cloth', '--alarm-after', '1', '--shifts', '22:00,06:00');
  await until(() => settled(1));
  await dropCloth(folder, [2], [2]);
  await until(() => watch.lines.length === 2 && watch.messages().includes('ALARM'));
  expect(await watch.end()).toBe(0);
  expect(watch.lines[0]).toMatch(/^ {5}1 {2}pass +\S+ .* s {2}1\.png {2}No region of the required size/);
  expect(watch.lines[1]).toMatch(/^ {5}2 {2}reject .* 2\.png {2}A region of \d+ px at/);
  expect(watch.messages()).toContain('perch: ALARM: A piece was rejected.');
  expect(watch.messages()).toMatch(/2 pieces: 1 pass, 0 to review, 1 rejected\n/);
  expect(store.stations.list()).toMatchObject([
    { name: 'line', watched: false, leaseOwner: null, shifts: ['06:00', '22:00'], alarmAfter: 1 },
  ]);
});

it('prints JSON, and needs only the folder the next time', async () => {
  addRecipe(store);
  const first = startWatch('--recipe', 'cloth', '--keep-pieces', '7');
  await until(() => first.messages().includes('Ctrl-C ends'));
  expect(await first.end()).toBe(0);
  await dropCloth(folder, [1, 2]);
  const watch = startWatch('--json');
  await until(() => settled(2));
  expect(await watch.end()).toBe(0);
  const records = watch.lines.map((line) => JSON.parse(line) as Line);
  expect(records[0]).toMatchObject({
    type: 'station',
    station: { folder, recipe: { name: 'cloth' }, keep: { pieces: 7 } },
  });
  const pieces = records.flatMap((record) => (record.type === 'piece' ? record.piece.sequence : []));
  expect(pieces).toEqual([1, 2]);
  const last = records.findLast((record) => record.type === 'status');
  expect(last?.status).toMatchObject({ backlog: 0, shift: { pass: 2 } });
});

it('prints the places of frames, and each roll so far', async () => {
  addRecipe(store);
  mkdirSync(join(folder, 'A'));
  mkdirSync(join(folder, 'B'));
  await dropCloth(join(folder, 'A'), [1, 2], [2]);
  const watch = startWatch('--recipe', 'cloth', '--roll');
  await until(() => settled(2));
  await dropCloth(join(folder, 'B'), [3]);
  await until(() => settled(3));
  expect(await watch.end()).toBe(0);
  expect(watch.lines[1]).toMatch(/A\/2\.png {2}frame 2 at 48 px {2}A region of/);
  expect(watch.messages()).toMatch(/roll A: 2 frames, 96 px, 1 defect\n {2}The class has no scale/);
  expect(watch.messages()).toMatch(/roll B: 1 frame, 48 px, 0 defects\n/);

  const { dataset, textureClass } = store.stations.list()[0];
  const scale = { across: 1, along: 1 };
  store.classScales.set(dataset, textureClass, { scale, source: 'typed', author: 'Ada' });
  await dropCloth(join(folder, 'B'), [4], [4]);
  const again = startWatch('--json');
  await until(() => settled(4));
  expect(await again.end()).toBe(0);
  const records = again.lines.map((line) => JSON.parse(line) as Line);
  expect(records.find((record) => record.type === 'roll')?.roll).toMatchObject({
    roll: { name: 'B', frames: 2, scale },
    defects: [{ frame: 2, counted: true }],
    grade: { pass: false },
  });
});

it('refuses a folder without a recipe, and says what to do', async () => {
  const watch = startWatch();
  expect((await watch.closed)[0]).toBe(1);
  expect(watch.messages()).toContain('Name the recipe that decides its images with --recipe.');
});

it('refuses a station that another process watches', async () => {
  addRecipe(store);
  const first = startWatch('--recipe', 'cloth');
  await until(() => first.messages().includes('Ctrl-C ends'));
  await until(() => store.stations.list()[0]?.leaseOwner !== null);
  const second = startWatch();
  expect((await second.closed)[0]).toBe(1);
  expect(second.messages()).toMatch(/Another Perch watches this station \(process \d+ on /);
  expect(store.stations.list()[0].watched).toBe(true);
  expect(await first.end()).toBe(0);
});
