import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Piece } from '../../common/api/station.ts';
import { EngineClient } from '../../engine/client/engine-client.ts';
import { mulberry32 } from '../../methods/prng.ts';
import type { Store } from '../../store/store.ts';
import { temporaryStore } from '../../test/store.ts';
import { openStations } from './stations.ts';
import { addStation, cloth } from './test/line.ts';
import { settled } from './test/settled.ts';

const KILLS = 12;
const IMAGES = 90;
/** Of each of two rolls. */
const FRAMES = 16;
/** Processes start slowly on a busy machine. */
const TIMEOUT_MS = 300_000;

const host = fileURLToPath(new URL('./test/host.ts', import.meta.url));
let temporary: ReturnType<typeof temporaryStore>;
let store: Store;

beforeEach(() => {
  temporary = temporaryStore();
  ({ store } = temporary);
});
afterEach(() => temporary.dispose());

it(
  'decides every file once, in order, when its process is killed at any moment',
  async () => {
    const folder = join(temporary.home, 'line');
    const id = await addStation(store, folder);
    const random = mulberry32(1);
    const pieces = await decideWithKills(id, dropAll(folder, random), {
      kills: KILLS,
      images: IMAGES,
      random,
    });

    expect(pieces.map(({ sequence }) => sequence)).toEqual(Array.from({ length: IMAGES }, (_, at) => at + 1));
    expect(new Set(pieces.map(({ state }) => state))).toEqual(new Set(['decided']));
    const originals = pieces.filter(({ duplicateOf }) => duplicateOf === null);
    expect(originals).toHaveLength(IMAGES - IMAGES / 10);
    expect(new Set(originals.map(({ sha256 }) => sha256)).size).toBe(originals.length);
    const times = originals.map(({ decidedAt }) => decidedAt ?? '');
    expect(times).toEqual([...times].sort());
    expect(number('SELECT count(*) FROM images')).toBe(originals.length);
    expect(number('SELECT count(*) FROM results')).toBe(originals.length);
    const [{ pass, reject, duplicates, pieces: counted }] = store.stationShifts.list(id, 1);
    expect({ pass, reject, duplicates, counted }).toEqual({
      pass: originals.filter(({ decision }) => decision === 'pass').length,
      reject: originals.filter(({ decision }) => decision === 'reject').length,
      duplicates: IMAGES / 10,
      counted: originals.length,
    });
    expect(store.database.pragma('foreign_key_check')).toEqual([]);
    for await (const fault of store.blobs.integrityErrors(new AbortController().signal)) expect.fail(fault);
  },
  TIMEOUT_MS,
);

it(
  'puts every frame at its place along its roll once, when its process is killed at any moment',
  async () => {
    const folder = join(temporary.home, 'rolls');
    const id = await addStation(store, folder, { rollDirection: 'down' });
    const random = mulberry32(2);
    const images = 2 * FRAMES;
    const pieces = await decideWithKills(id, dropRolls(folder, random), { kills: 5, images, random });
    expect(pieces).toHaveLength(images);
    for (const roll of ['A', 'B']) {
      const frames = store.pieceFrames.list(id, roll);
      expect(frames.map(({ file, frame }) => [file, frame?.number, frame?.offset])).toEqual(
        Array.from({ length: FRAMES }, (_, at) => [`${roll}/${at + 1}.png`, at + 1, 48 * at]),
      );
      expect(frames.map(({ decision }) => decision)).toEqual(
        Array.from({ length: FRAMES }, (_, at) => (at % 3 === 0 ? 'reject' : 'pass')),
      );
    }
  },
  TIMEOUT_MS,
);

/** Decides the pieces of a station in processes that are killed, and then in this one. @returns all pieces */
async function decideWithKills(
  id: number,
  dropping: Promise<void>,
  { kills, images, random }: { kills: number; images: number; random: () => number },
): Promise<Piece[]> {
  // As if a process had watched it and died.
  store.stations.claim(id, 'elsewhere 1 dead', () => false);
  store.stations.release(id, 'elsewhere 1 dead', { watched: true });
  for (let kill = 0; kill < kills; kill++) {
    const child = spawn(process.execPath, [host, temporary.home], { stdio: 'inherit' });
    const exited = once(child, 'exit');
    const before = number("SELECT count(*) FROM pieces WHERE state <> 'waiting'");
    const wanted = before + Math.floor(random() * 8);
    const isEnough = () =>
      number("SELECT count(*) FROM pieces WHERE state <> 'waiting'") >= Math.min(wanted, images / 2);
    while (!isEnough()) await pause(5);
    await pause(random() * 80);
    child.kill('SIGKILL');
    await exited;
    expect(store.database.pragma('integrity_check', { simple: true })).toBe('ok');
  }
  await dropping;
  const engine = new EngineClient();
  const stations = openStations({ store, engine });
  stations.claimOrphans();
  const pieces = await settled(store, id, images);
  await stations.close();
  await engine.close();
  return pieces;
}

/** Drops the frames of two rolls, one after the other. Every third one is defective. */
async function dropRolls(folder: string, random: () => number): Promise<void> {
  for (const [index, roll] of ['A', 'B'].entries()) {
    await mkdir(join(folder, roll));
    for (let frame = 0; frame < FRAMES; frame++) {
      const seed = 1000 * index + frame;
      await writeFile(join(folder, roll, `${frame + 1}.png`), await cloth(seed, { spot: frame % 3 === 0 }));
      await pause(40 + 80 * random());
    }
  }
}

/** Drops pieces, every tenth twice, and renames every seventh. */
async function dropAll(folder: string, random: () => number): Promise<void> {
  for (let seed = 0; seed < IMAGES; seed++) {
    const path = join(folder, `${seed}.png`);
    if (seed % 10 === 9) await copyFile(join(folder, `${seed - 1}.png`), path);
    else await writeFile(path, await cloth(seed, { spot: seed % 5 === 0 }));
    await pause(40 + 80 * random());
    if (seed % 10 === 7) await rename(path, join(folder, `renamed ${seed}.png`));
  }
}

const number = (sql: string) => store.database.prepare<[], number>(sql).pluck().get() ?? 0;
