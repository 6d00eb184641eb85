import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../store/store.ts';
import { forgetDrop, receiveDrop } from './drops.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'perch-drops-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const receive = (drop: string, path: string, text = path) =>
  receiveDrop(
    home,
    drop,
    path.split('/'),
    (async function* () {
      yield Buffer.from(text);
    })(),
  );

/** A store with datasets that lie in these folders. */
const storeOf = (...roots: string[]) => ({
  home,
  datasets: { all: () => roots.map((root) => ({ root })) } as Store['datasets'],
});

describe('dropped files', () => {
  it('are kept with their folders', async () => {
    const folder = await receive('d1', 'oak/test/hole/0.png');
    expect(await receive('d1', 'alone.png')).toBe(folder);
    expect(relative(home, folder)).toBe(join('imports', 'd1', 'dropped'));
    expect(await readFile(join(folder, 'oak/test/hole/0.png'), 'utf8')).toBe('oak/test/hole/0.png');
  });

  it('never replace one another', async () => {
    await receive('d1', 'a.png', 'first');
    await expect(receive('d1', 'a.png', 'second')).rejects.toMatchObject({ code: 'NOT_WRITABLE' });
    const folder = await receive('d2', 'a.png', 'other drop');
    expect(await readFile(join(folder, 'a.png'), 'utf8')).toBe('other drop');
  });

  it('go with the dataset that was made of them, and no other folder does', async () => {
    const folder = await receive('d1', 'oak/a.png');
    const other = await receive('d2', 'b.png');
    const none = storeOf();
    await forgetDrop(none, join(folder, 'oak'));
    await expect(access(join(home, 'imports', 'd1'))).rejects.toThrow();
    for (const root of [home, join(home, 'imports'), join(home, '..')]) await forgetDrop(none, root);
    await access(other);
  });

  it('stay as long as another dataset was made of them, or of a part', async () => {
    const folder = await receive('d1', 'oak/a.png');
    await receive('d1', 'ash/b.png');
    await receive('d10', 'c.png');
    for (const root of [folder, join(folder, 'ash')]) {
      await forgetDrop(storeOf(root), join(folder, 'oak'));
      await access(join(folder, 'oak/a.png'));
    }
    await forgetDrop(storeOf(join(home, 'imports/d10/dropped')), folder);
    await expect(access(folder)).rejects.toThrow();
    await access(join(home, 'imports/d10/dropped/c.png'));
  });
});
