import { execFileSync } from 'node:child_process';
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyOfToday } from './backups.ts';
import { migrate } from './migrations/migrations.ts';
import { Store } from './store.ts';

let home: string;
let file: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'perch-lost-'));
  file = join(home, 'perch.db');
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** Creates a store with a mask, and its daily backup on request. */
async function createStore(withBackup = false): Promise<void> {
  const store = new Store(home);
  await store.blobs.put(Buffer.from('a mask'));
  store.settings.set({ operator: 'Åsa' });
  if (withBackup) await copyOfToday(store.database);
  store.close();
}

const refusal = (): { code: string; message: string } => {
  try {
    new Store(home).close();
  } catch (thrown) {
    return thrown as { code: string; message: string };
  }
  throw new Error('The database was opened.');
};
const files = async () => (await readdir(home, { recursive: true })).sort();

describe('a store whose database is lost', () => {
  it.each([
    ['emptied', (path: string) => truncate(path, 0), /perch\.db is empty, but \S+blobs belongs to it/],
    ['removed', (path: string) => rm(path), /perch\.db is missing, but \S+blobs belongs to it/],
  ])('is not treated as new: %s', async (_, lose, reason) => {
    await createStore();
    await lose(file);
    const before = await files();
    const { code, message } = refusal();
    expect(code).toBe('STORE_UNUSABLE');
    expect(message).toMatch(reason);
    expect(message).toMatch(/It has no usable copy.*perch\.db-wal and perch\.db-shm.*backup.*PERCH_HOME/);
    expect(await files()).toEqual(before);
  });

  it('can be restored as the message describes, even after a process was killed', async () => {
    await createStore(true);
    const store = new Store(home);
    store.settings.set({ operator: 'somebody' });
    // A killed process leaves both files. They belong to the lost database.
    for (const ending of ['-wal', '-shm']) await copyFile(file + ending, join(home, `kept${ending}`));
    store.close();
    for (const ending of ['-wal', '-shm']) await rename(join(home, `kept${ending}`), file + ending);
    await writeFile(file, Buffer.alloc(8192, 0xa5));
    const { message } = refusal();
    expect(message).toMatch(/perch\.db is damaged.*perch\.db with perch\.db-wal and perch\.db-shm/);
    const [, copy] = /the newest copy, (\S+\.bak) \(/.exec(message) ?? [];
    await mkdir(join(home, 'aside'));
    for (const ending of ['', '-wal', '-shm'])
      await rename(file + ending, join(home, 'aside', `perch.db${ending}`)).catch(() => {});
    await rename(copy, file);
    const back = new Store(home);
    expect(back.settings.all()).toEqual({ operator: 'Åsa' });
    expect(await back.blobs.stats()).toMatchObject({ blobs: 1 });
    back.close();
  });

  it('can be restored from the backup of an earlier version', async () => {
    const old = new Database(file);
    migrate(old, 2);
    old.exec("INSERT INTO settings VALUES ('operator', '\"Åsa\"')");
    old.close();
    await createStore();
    await rm(file);
    const [, copy] = /the newest copy, (\S+\.v2\.bak) \(/.exec(refusal().message) ?? [];
    await rename(copy, file);
    const back = new Store(home);
    expect(back.settings.all()).toEqual({ operator: 'Åsa' });
    back.close();
    new Store(home).close();
  });

  it('is distinguished from a new store by its backups and its log', async () => {
    await createStore(true);
    await rm(file);
    await rm(join(home, 'blobs'), { recursive: true });
    expect(refusal().message).toMatch(/perch\.db is missing, but \S+\.bak belongs to it/);
    for (const name of await readdir(home)) await rm(join(home, name));
    await writeFile(`${file}-wal`, 'log');
    expect(refusal().message).toMatch(/perch\.db is missing, but \S+perch\.db-wal belongs to it/);
  });

  it('is new if no files remain', async () => {
    await writeFile(file, '');
    await mkdir(join(home, 'blobs/ab'), { recursive: true });
    await mkdir(join(home, 'models/mine'), { recursive: true });
    new Store(home).close();
  });
});

describe('a database that does not match the files', () => {
  it('is refused, so that the files are not removed as unused', async () => {
    await createStore();
    const other = await mkdtemp(join(tmpdir(), 'perch-other-'));
    new Store(other).close();
    await copyFile(join(other, 'perch.db'), file);
    await rm(other, { recursive: true });
    const before = await files();
    expect(refusal()).toMatchObject({
      code: 'STORE_UNUSABLE',
      message: expect.stringMatching(/perch\.db is not the database of the files in \S+blobs/),
    });
    expect(await files()).toEqual(before);
  });

  it('is refused if it belongs to another program or has no version', async () => {
    const foreign = new Database(file);
    foreign.exec('CREATE TABLE bookmarks (url TEXT)');
    foreign.close();
    const before = await readFile(file);
    expect(refusal().message).toMatch(/damaged \(it has tables, such as "bookmarks"/);
    expect(await readFile(file)).toEqual(before);
    await rm(file);
    await createStore();
    const worn = new Database(file);
    worn.pragma('user_version = -1');
    worn.close();
    expect(refusal().message).toMatch(/damaged \(its schema has version -1\)/);
  });

  it.skipIf(process.platform === 'win32')('is refused without waiting if it is a pipe', async () => {
    execFileSync('mkfifo', [file]);
    expect(refusal().message).toMatch(/perch\.db is not a regular file/);
    await rm(file);
    await mkdir(join(home, 'blobs'), { recursive: true });
    execFileSync('mkfifo', [join(home, 'blobs/store-id')]);
    new Store(home).close();
  });

  it('is refused if SQLite itself emptied it', async () => {
    await createStore();
    await rm(file);
    const empty = new Database(file);
    empty.exec('CREATE TABLE t (x); DROP TABLE t');
    empty.close();
    expect(refusal().message).toMatch(/damaged \(it is empty, but \S+blobs belongs to it\)/);
  });
});

describe('tidying', () => {
  it('removes nothing if the database is damaged', async () => {
    const store = new Store(home);
    for (let i = 0; i < 300; i++) store.settings.set({ [`name ${i}`]: 'long '.repeat(50) });
    store.database.pragma('wal_checkpoint(TRUNCATE)');
    store.close();
    const bytes = await readFile(file);
    bytes.fill(0xa5, bytes.length - 3 * 4096, bytes.length - 4096);
    await writeFile(file, bytes);
    const damaged = new Store(home);
    await expect(damaged.blobs.collectGarbage()).rejects.toMatchObject({
      code: 'STORE_UNUSABLE',
      message: expect.stringMatching(/perch\.db is damaged/),
    });
    damaged.close();
  });
});
