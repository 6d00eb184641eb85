import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { mulberry32 } from '../methods/prng.ts';
import { listBackups } from './backups.ts';
import { Store } from './store.ts';
import type { StressReport } from './test/stress-worker.ts';

const worker = fileURLToPath(new URL('./test/stress-worker.ts', import.meta.url));

/** Runs a worker and kills it. @returns its reports and its error output */
async function workUntilKilled(home: string, name: string, seed: number, ms: number) {
  const child = spawn(process.execPath, [worker, home, name, String(seed)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [reports, errorOutput] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (reports += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errorOutput += chunk.toString()));
  const ended = new Promise((resolve) => child.on('close', resolve));
  // The timer starts with the first output, because processes start slowly on a busy machine.
  await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), ended]);
  await wait(ms);
  child.kill('SIGKILL');
  await ended;
  // The last line may be incomplete.
  const lines = reports
    .slice(0, reports.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean);
  return { reports: lines.map((line) => JSON.parse(line) as StressReport), errorOutput };
}

it('a store loses and mixes up nothing while two processes use it and are killed', async () => {
  const home = await mkdtemp(join(tmpdir(), 'perch-stress-'));
  const random = mulberry32(7);
  const reports: StressReport[] = [];
  for (let round = 0; round < 5; round++) {
    const both = await Promise.all(
      ['Ada', 'Bob'].map((name, at) => workUntilKilled(home, name, 10 * round + at, 200 + 800 * random())),
    );
    for (const { reports: lines, errorOutput } of both) {
      expect(errorOutput).toBe('');
      reports.push(...lines);
    }
  }
  const did = <Kind extends StressReport['did']>(kind: Kind) =>
    reports.filter((line): line is Extract<StressReport, { did: Kind }> => line.did === kind);
  expect(reports.length).toBeGreaterThan(100);

  const store = new Store(home);
  const { database } = store;
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(database.pragma('foreign_key_check')).toEqual([]);
  const faults: string[] = [];
  for await (const fault of store.blobs.integrityErrors(new AbortController().signal)) faults.push(fault);
  expect(faults).toEqual([]);

  const removed = new Set(did('removing').map(({ id }) => id));
  const gone = new Set<number>();
  for (const { id, name, images } of did('dataset')) {
    if (removed.has(id)) for (const image of images) gone.add(image);
    else expect(store.datasets.get(id).name).toBe(name);
  }
  for (const { image, revision, mask } of did('revision')) {
    if (gone.has(image)) continue;
    expect(store.revisions.listByImage(image).find((each) => each.revision === revision)).toMatchObject({
      mask,
    });
    const bytes = await readFile(store.blobs.pathOf(mask));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(mask);
  }
  const notes = database
    .prepare<[number, number], string>('SELECT note FROM verdicts WHERE session_id = ? AND image_id = ?')
    .pluck();
  for (const { session, image, note } of did('verdict'))
    if (!gone.has(image)) expect(notes.all(session, image)).toContain(note);

  for (const ids of [
    did('dataset').map(({ id }) => id),
    did('session').map(({ id }) => id),
    did('dataset').flatMap(({ images }) => images),
  ])
    expect(new Set(ids).size).toBe(ids.length);
  for (const { path } of listBackups(database.name)) {
    const copy = new Database(path, { readonly: true });
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
    copy.close();
  }
  store.close();
  await rm(home, { recursive: true, force: true });
}, 120_000);
