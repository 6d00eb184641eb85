import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, open, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reportOf } from '../common/api/errors.ts';
import { openDatabase, transaction } from './database.ts';
import { migrate, SCHEMA_VERSION } from './migrations/migrations.ts';
import { Store } from './store.ts';

/** Mounting a small file system requires permission. */
const mayMount = process.platform === 'linux' && spawnSync('unshare', ['--mount', 'true']).status === 0;
/** File permissions do not restrict the superuser. */
const isSuperuser = process.getuid?.() === 0;

let home: string;
let file: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'perch-database ü-'));
  file = join(home, 'perch.db');
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** Returns the error that opening throws. */
function refusal(open: () => unknown): { code: string; message: string } {
  try {
    open();
  } catch (thrown) {
    return thrown as { code: string; message: string };
  }
  throw new Error('The database was opened.');
}

describe('opening a database', () => {
  it('creates it in the latest schema, with enforced references', async () => {
    const database = openDatabase(join(home, 'new/perch.db'));
    expect(database.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(database.pragma('foreign_keys', { simple: true })).toBe(1);
    const tables = database.prepare<[], { strict: number }>(
      "SELECT strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'",
    );
    expect(tables.all().every(({ strict }) => strict === 1)).toBe(true);
    database.close();
    expect(await readdir(join(home, 'new'))).toEqual(['perch.db']);
  });

  it('migrates one of each earlier version, and backs it up first', async () => {
    for (let version = 1; version < SCHEMA_VERSION; version++) {
      const old = new Database(join(home, `${version}.db`));
      migrate(old, version);
      old.exec("INSERT INTO settings VALUES ('operator', '\"Åsa\"')");
      old.close();
      const database = openDatabase(join(home, `${version}.db`));
      expect(database.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
      expect(database.prepare('SELECT name FROM settings').all()).toEqual([{ name: 'operator' }]);
      expect(database.pragma('foreign_key_check')).toEqual([]);
      database.close();
      const copy = new Database(join(home, `${version}.db.v${version}.bak`), { readonly: true });
      expect(copy.pragma('user_version', { simple: true })).toBe(version);
      copy.close();
    }
  });

  it('refuses one from a newer Perch, and does not change it', () => {
    const newer = new Database(file);
    newer.exec('CREATE TABLE later (thing TEXT)');
    newer.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
    newer.close();
    const { code, message } = refusal(() => openDatabase(file));
    expect(code).toBe('STORE_TOO_NEW');
    expect(message).toContain(file);
    const after = new Database(file);
    expect(after.prepare('SELECT count(*) AS n FROM sqlite_master').get()).toEqual({ n: 1 });
    after.close();
  });

  it('refuses a file that is truncated or not a database, and names it', async () => {
    await writeFile(file, 'not a database, but large enough to look like one '.repeat(40));
    expect(refusal(() => openDatabase(file))).toMatchObject({
      code: 'STORE_UNUSABLE',
      message: expect.stringContaining(file),
    });
    await rm(file);
    openDatabase(file).close();
    await truncate(file, 5000);
    expect(refusal(() => openDatabase(file))).toMatchObject({ code: 'STORE_UNUSABLE' });
    await rm(file);
    await mkdir(file);
    expect(refusal(() => openDatabase(file))).toMatchObject({ code: 'STORE_UNUSABLE' });
  });

  it.skipIf(isSuperuser)('refuses a folder that is not writable', async () => {
    await chmod(home, 0o500);
    expect(refusal(() => openDatabase(file))).toMatchObject({ code: 'STORE_UNUSABLE' });
    await chmod(home, 0o700);
  });

  it('refuses a data directory below a file', async () => {
    await writeFile(join(home, 'taken'), '');
    expect(refusal(() => new Store(join(home, 'taken/home')))).toMatchObject({ code: 'STORE_UNUSABLE' });
  });
});

describe.skipIf(!mayMount)('a read-only or full disk (requires permission to mount)', () => {
  const mount = (...options: string[]) =>
    execFileSync('mount', ['-t', 'tmpfs', '-o', options.join(), 'perch-test', home]);
  afterEach(() => execFileSync('umount', [home]));

  it('is reported with the name of the file, and stored data stays intact', async () => {
    mount('size=1m');
    const store = new Store(home);
    const kept = await store.blobs.put(Buffer.from('kept'));
    await expect(store.blobs.put(Buffer.alloc(2_000_000))).rejects.toMatchObject({ code: 'DISK_FULL' });
    const fill = () =>
      transaction(store.database, () =>
        store.database
          .prepare('INSERT INTO settings VALUES (?, ?)')
          .run('x', JSON.stringify('y'.repeat(2_000_000))),
      );
    expect(refusal(fill)).toMatchObject({ code: 'DISK_FULL', message: expect.stringContaining(file) });
    expect(store.blobs.has(kept)).toBe(true);
    expect(store.database.pragma('integrity_check', { simple: true })).toBe('ok');
    store.close();
    execFileSync('mount', ['-o', 'remount,ro', home]);
    expect(refusal(() => new Store(home))).toMatchObject({
      code: 'STORE_UNUSABLE',
      message: expect.stringContaining('PERCH_HOME'),
    });
  });
});

describe('a damaged database', () => {
  it('is reported as unusable, not as a bug', async () => {
    const store = new Store(home);
    for (let i = 0; i < 200; i++)
      store.datasets.add({
        name: `cloth ${i}`,
        layout: 'folder',
        root: `/${'long '.repeat(20)}${i}`,
        ignoreBorder: 0,
      });
    store.close();
    const whole = await open(file, 'r+');
    for (let page = 1; page < (await whole.stat()).size / 4096; page++)
      await whole.write(Buffer.alloc(2000, 0xa5), 0, 2000, page * 4096);
    await whole.close();
    const reported = () => {
      try {
        const damaged = new Store(home);
        damaged.datasets.list();
      } catch (thrown) {
        return reportOf(thrown);
      }
    };
    expect(reported()).toMatchObject({ code: 'STORE_UNUSABLE' });
  });
});

describe('two processes', () => {
  const script = (body: string) => `
    import { Store } from ${JSON.stringify(new URL('./store.ts', import.meta.url).href)};
    const store = new Store(${JSON.stringify(home)});
    ${body}
    store.close();`;
  const started = (body: string) =>
    new Promise<{ code: number | null; stderr: string }>((resolve, reject) => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script(body)], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let stderr = '';
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      child.on('error', reject).on('close', (code) => resolve({ code, stderr }));
    });

  it('can open a new store at the same time and write to it', async () => {
    const body = (which: number) => `
      for (let i = 0; i < 40; i++) {
        store.datasets.add({ name: '${which}-' + i, layout: 'folder', root: '/${which}/' + i, ignoreBorder: 0 });
        await store.blobs.put(Buffer.from('shared ' + i));
      }`;
    for (const { code, stderr } of await Promise.all([1, 2, 3].map((which) => started(body(which))))) {
      expect(stderr).toBe('');
      expect(code).toBe(0);
    }
    const store = new Store(home);
    expect(store.datasets.list()).toHaveLength(120);
    expect(await store.blobs.stats()).toMatchObject({ blobs: 40, orphans: 40 });
    expect(store.database.pragma('integrity_check', { simple: true })).toBe('ok');
    store.close();
  });

  it('can create a database at the same moment', async () => {
    const at = Date.now() + 1000;
    const code = `
      import { openDatabase } from ${JSON.stringify(new URL('./database.ts', import.meta.url).href)};
      while (Date.now() < ${at});
      openDatabase(${JSON.stringify(file)}).close();`;
    const open = () =>
      new Promise<string>((resolve, reject) => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
          stdio: ['ignore', 'ignore', 'pipe'],
        });
        let stderr = '';
        child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
        child.on('error', reject).on('close', () => resolve(stderr));
      });
    expect(await Promise.all(Array.from({ length: 6 }, open))).toEqual(Array(6).fill(''));
  });

  it('lose no written data when one is killed', async () => {
    const { code } = await started(`
      store.datasets.add({ name: 'whole', layout: 'folder', root: '/whole', ignoreBorder: 0 });
      store.transaction(() => {
        store.datasets.add({ name: 'half', layout: 'folder', root: '/half', ignoreBorder: 0 });
        process.kill(process.pid, 'SIGKILL');
      });`);
    expect(code).toBe(null);
    const store = new Store(home);
    expect(store.datasets.list().map(({ name }) => name)).toEqual(['whole']);
    store.close();
  });
});
