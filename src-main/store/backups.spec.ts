import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listBackups, copyOfToday, newestUsableBackup, removeOldCopies } from './backups.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrations/migrations.ts';
import { Store } from './store.ts';

let home: string;
let file: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'perch-copies-'));
  file = join(home, 'perch.db');
});
afterEach(() => rm(home, { recursive: true, force: true }));

const names = async () => (await readdir(home)).filter((name) => name.includes('.bak')).sort();

function writeVersion(version: number, settings: number): void {
  const old = new Database(file);
  migrate(old, version);
  const insert = old.prepare('INSERT INTO settings VALUES (?, ?)');
  old.transaction(() => {
    for (let i = 0; i < settings; i++) insert.run(`name ${i}`, JSON.stringify('long '.repeat(200)));
  })();
  old.close();
}

describe('the backup before a schema change', () => {
  it('is complete or absent whenever its process is killed', async () => {
    const rows = 8000;
    writeVersion(1, rows);
    await copyFile(file, join(home, 'version1'));
    const url = new URL('./database.ts', import.meta.url).href;
    const script = `
      const { openDatabase } = await import(${JSON.stringify(url)});
      process.stdout.write('begins');
      openDatabase(${JSON.stringify(file)}).close();`;
    let whole = 0;
    for (let kill = 0; kill < 8; kill++) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const ended = new Promise((resolve) => child.on('close', resolve));
      await new Promise((resolve) => child.stdout.once('data', resolve));
      await wait(50 * kill);
      child.kill('SIGKILL');
      await ended;
      for (const { path, version } of listBackups(file)) {
        const copy = new Database(path, { readonly: true });
        expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
        expect(copy.pragma('user_version', { simple: true })).toBe(version);
        expect(copy.prepare('SELECT count(*) AS n FROM settings').get()).toEqual({ n: rows });
        copy.close();
        whole++;
      }
      const opened = openDatabase(file);
      expect(opened.prepare('SELECT count(*) AS n FROM settings').get()).toEqual({ n: rows });
      opened.close();
      // There is one backup and no unfinished file.
      expect(await names()).toEqual(['perch.db.v1.bak']);
      for (const name of await names()) await rm(join(home, name));
      for (const ending of ['', '-wal', '-shm']) await rm(file + ending, { force: true });
      await copyFile(join(home, 'version1'), file);
    }
    // Otherwise every process was killed before its backup was complete.
    expect(whole).toBeGreaterThan(0);
  });
});

describe('the daily backup', () => {
  const day = (date: string) => new Date(`${date}T12:00:00Z`);

  it('is made once per day, and the last three are kept', async () => {
    const store = new Store(home);
    for (const [at, date] of ['2026-01-01', '2026-01-02', '2026-01-05', '2026-01-07'].entries()) {
      store.settings.set({ day: date });
      expect(await copyOfToday(store.database, day(date))).toBe(true);
      const when = day(date);
      await utimes(`${file}.${date}.bak`, when, when);
      store.settings.set({ day: 'later' });
      expect(await copyOfToday(store.database, day(date))).toBe(false);
      expect(await names()).toHaveLength(Math.min(at + 1, 3));
    }
    store.close();
    expect(await names()).toEqual(
      ['2026-01-02', '2026-01-05', '2026-01-07'].map((date) => `perch.db.${date}.bak`),
    );
    const copy = new Database(`${file}.2026-01-07.bak`);
    expect(copy.prepare("SELECT value FROM settings WHERE name = 'day'").get()).toEqual({
      value: '"2026-01-07"',
    });
    copy.close();
    // Opening a backup leaves no other files.
    expect((await readdir(home)).filter((name) => name.includes('.bak')).length).toBe(3);
  });

  it('is not made of a damaged database', async () => {
    writeVersion(1, 2000);
    openDatabase(file).close();
    const { open } = await import('node:fs/promises');
    const pages = await open(file, 'r+');
    await pages.write(Buffer.alloc(4096 * 40, 0xa5), 0, 4096 * 40, 4096 * 60);
    await pages.close();
    const damaged = new Database(file);
    await copyOfToday(damaged, day('2026-02-01')).catch(() => {});
    damaged.close();
    expect(await names()).toEqual(['perch.db.v1.bak']);
  });
});

describe('backups', () => {
  it('are removed when newer ones replace them, as are unfinished ones', async () => {
    new Store(home).close();
    const dated = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04'];
    const all = [...dated, 'v1-1700000000000', 'v1', 'v2'].map((name) => `perch.db.${name}.bak`);
    for (const [at, name] of all.entries()) {
      await writeFile(join(home, name), 'copy');
      await utimes(join(home, name), at, at);
    }
    await writeFile(`${file}.${process.pid}-01234567.bak.tmp`, 'being written');
    await writeFile(`${file}.999999999-01234567.bak.tmp`, 'left behind');
    await writeFile(join(home, 'perch.db.mine.bak'), "the user's backups");
    expect(removeOldCopies(file)).toMatchObject({ removed: 4 });
    expect(await names()).toEqual(
      [
        'perch.db.2026-01-02.bak',
        'perch.db.2026-01-03.bak',
        'perch.db.2026-01-04.bak',
        `perch.db.${process.pid}-01234567.bak.tmp`,
        'perch.db.mine.bak',
        'perch.db.v2.bak',
      ].sort(),
    );
  });

  it('are listed newest first, and recommended only if they can be used', async () => {
    const store = new Store(home);
    await copyOfToday(store.database, new Date('2026-01-01T00:00:00Z'));
    store.close();
    await utimes(`${file}.2026-01-01.bak`, 1000, 1000);
    await writeFile(`${file}.v2-1700000000000.bak`, 'an incomplete copy that an earlier Perch left behind');
    expect(listBackups(file).map(({ version }) => version)).toEqual([2, undefined]);
    expect(newestUsableBackup(file)?.path).toBe(`${file}.2026-01-01.bak`);
  });
});
