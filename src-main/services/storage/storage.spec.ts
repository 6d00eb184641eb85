import { mkdir, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Diagnostic } from '../../common/api/settings.ts';
import { EngineClient } from '../../engine/client/engine-client.ts';
import { copyOfToday } from '../../store/backups.ts';
import type { Store } from '../../store/store.ts';
import { addImages, temporaryStore } from '../../test/store.ts';
import { diagnoseStore } from '../diagnostics/diagnose-store.ts';
import { startDailyBackups } from './daily-backups.ts';
import { openStorage } from './storage.ts';

const signal = new AbortController().signal;
let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
let home: string;

beforeEach(() => {
  temporary = temporaryStore();
  ({ store, home } = temporary);
  vi.stubEnv('PERCH_HOME', home);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await temporary.dispose();
});

const copies = async () => (await readdir(home)).filter((name) => name.endsWith('.bak'));

async function diagnostics(): Promise<Record<string, Diagnostic>> {
  const all: Record<string, Diagnostic> = {};
  for await (const diagnostic of diagnoseStore(signal)) all[diagnostic.topic] = diagnostic;
  return all;
}

describe('backups of the database', () => {
  it('are made of a changed database, at the latest when a host exits', async () => {
    const idle = startDailyBackups(store);
    await idle.stop();
    expect(await copies()).toEqual([]);
    const busy = startDailyBackups(store);
    addImages(store, [{}]);
    await busy.stop();
    expect(await copies()).toHaveLength(1);
  });

  it('are removed by garbage collection once they are old', async () => {
    for (let day = 1; day <= 5; day++) {
      const path = `${store.database.name}.2026-01-0${day}.bak`;
      await writeFile(path, 'copy');
      await utimes(path, day, day);
    }
    const storage = openStorage(store, new EngineClient());
    expect(await storage.stats(undefined, signal)).toMatchObject({
      backups: 5,
      backupBytes: 20,
      unreferenced: 2,
      unreferencedBytes: 8,
    });
    const tidied = await storage.collectGarbage(undefined, signal);
    expect(tidied).toEqual({ removed: 2, bytes: 8 });
    expect(await copies()).toHaveLength(3);
  });
});

describe('decoded large images', () => {
  it('are counted, and removed by garbage collection above their limit', async () => {
    const folder = join(store.home, 'pixels');
    await mkdir(folder, { recursive: true });
    for (const [at, name] of ['old', 'new'].entries()) {
      await writeFile(join(folder, `${name}.numbers`), '');
      await truncate(join(folder, `${name}.numbers`), 9 * 2 ** 30);
      await utimes(join(folder, `${name}.numbers`), at + 1, at + 1);
    }
    const storage = openStorage(store, new EngineClient());
    expect(await storage.stats(undefined, signal)).toMatchObject({ decodedBytes: 18 * 2 ** 30 });
    await storage.collectGarbage(undefined, signal);
    expect(await readdir(folder)).toEqual(['new.numbers']);
  });
});

describe('diagnosing the store', () => {
  it('finds no problem in an intact store', async () => {
    await store.blobs.put(Buffer.from('map'));
    await copyOfToday(store.database);
    const { store: database, 'store copies': kept, 'store files': files } = await diagnostics();
    for (const diagnostic of [database, kept, files]) expect(diagnostic).not.toHaveProperty('problem');
    expect(kept.found).toMatch(/^1 backup, /);
  });

  it('finds dangling references, missing and changed files, and unusable backups', async () => {
    const { images } = addImages(store, [{}]);
    const [gone, other, short] = await Promise.all(
      ['a', 'b', 'c'].map((text) => store.blobs.put(Buffer.from(text))),
    );
    await rm(store.blobs.pathOf(gone));
    await writeFile(store.blobs.pathOf(other), 'x');
    await writeFile(store.blobs.pathOf(short), '');
    store.database.pragma('foreign_keys = OFF');
    store.database.prepare('UPDATE images SET dataset_id = 99 WHERE id = ?').run(images[0]);
    store.database.pragma('foreign_keys = ON');
    await copyOfToday(store.database, new Date('2026-01-01T00:00:00Z'));
    await writeFile(`${store.database.name}.v1-1700000000000.bak`, 'half a copy');
    const { store: database, 'store copies': kept, 'store files': files } = await diagnostics();
    expect(database.problem).toMatch(/a row of images refers to a missing row of datasets.*newest copy/);
    for (const blob of [gone, other, short]) expect(files.problem).toContain(blob);
    expect(kept.problem).toMatch(
      /v1-1700000000000\.bak is damaged; the newest usable one is \S+2026-01-01\.bak/,
    );
  });

  it('describes the recovery if tables cannot be read', async () => {
    for (let i = 0; i < 50; i++) addImages(store, [{}], `cloth ${i}`);
    await copyOfToday(store.database);
    store.close();
    const bytes = await readFile(join(home, 'perch.db'));
    await writeFile(join(home, 'perch.db'), bytes.fill(0xa5, 4096));
    const { store: found } = await diagnostics();
    expect(found.problem).toMatch(/perch\.db is damaged .*rename the newest copy/);
  });

  it('reports why a store cannot be opened', async () => {
    store.close();
    await mkdir(join(home, 'blobs/ab'), { recursive: true });
    await writeFile(join(home, 'blobs/ab/file'), '');
    await rm(join(home, 'perch.db'));
    expect((await diagnostics()).store).toMatchObject({
      found: 'cannot be used',
      problem: expect.stringMatching(/is missing/),
    });
  });
});
