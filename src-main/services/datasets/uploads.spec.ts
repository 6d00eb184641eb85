import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryStore } from '../../test/store.ts';
import { countUnusedUploads, discardUpload, removeUploadIfUnused, receiveUpload } from './uploads.ts';

let temporary: ReturnType<typeof temporaryStore>;
let home: string;

beforeEach(() => {
  temporary = temporaryStore();
  ({ home } = temporary.store);
});
afterEach(() => temporary.dispose());

const receive = (drop: string, path: string, text = path) =>
  receiveUpload(
    home,
    drop,
    path.split('/'),
    (async function* () {
      yield Buffer.from(text);
    })(),
  );
const importOf = (root: string, name: string) =>
  temporary.store.datasets.add({ name, layout: 'folder', root, ignoreBorder: 0 });

describe('dropped files', () => {
  it('keep their folders', async () => {
    const folder = await receive('d1', 'oak/test/hole/0.png');
    expect(await receive('d1', 'alone.png')).toBe(folder);
    expect(relative(home, folder)).toBe(join('imports', 'd1', 'dropped'));
    expect(await readFile(join(folder, 'oak/test/hole/0.png'), 'utf8')).toBe('oak/test/hole/0.png');
  });

  it('never replace each other', async () => {
    await receive('d1', 'a.png', 'first');
    await expect(receive('d1', 'a.png', 'second')).rejects.toMatchObject({
      code: 'NOT_WRITABLE',
      message: 'a.png was already dropped and is unchanged.',
    });
    const folder = await receive('d2', 'a.png', 'other drop');
    expect(await readFile(join(folder, 'a.png'), 'utf8')).toBe('other drop');
  });

  it('are stored completely or not at all, even after a crash', async () => {
    const folder = join(home, 'imports/d1/dropped');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, '.dead.part'), 'ha');
    async function* broken() {
      yield Buffer.from('ha');
      throw new Error('gone');
    }
    await expect(receiveUpload(home, 'd1', ['a.png'], broken())).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['.dead.part']);
    await receive('d1', 'a.png', 'half');
    expect(await readFile(join(folder, 'a.png'), 'utf8')).toBe('half');
  });

  it('are removed with the last dataset that uses them, and no other folder is', async () => {
    const folder = await receive('d1', 'oak/a.png');
    await receive('d1', 'elm/b.png');
    const other = await receive('d2', 'b.png');
    const [part, whole] = [importOf(join(folder, 'oak'), 'oak'), importOf(folder, 'all')];
    temporary.store.datasets.remove(part);
    await removeUploadIfUnused(temporary.store, join(folder, 'oak'));
    await access(join(folder, 'oak/a.png'));
    temporary.store.datasets.remove(whole);
    await removeUploadIfUnused(temporary.store, folder);
    await expect(access(join(home, 'imports', 'd1'))).rejects.toThrow();
    for (const root of [home, join(home, 'imports'), join(home, '..')])
      await removeUploadIfUnused(temporary.store, root);
    await access(other);
  });

  it('are discarded and counted if no dataset uses them', async () => {
    const folder = await receive('d1', 'a.png', '12345');
    await receive('d2', 'b.png');
    importOf(folder, 'mine');
    expect(await countUnusedUploads(temporary.store)).toEqual({ files: 1, bytes: 5 });
    await discardUpload(temporary.store, 'd1');
    await discardUpload(temporary.store, 'd2');
    await discardUpload(temporary.store, 'never');
    expect(await readdir(join(home, 'imports'))).toEqual(['d1']);
    expect(await countUnusedUploads(temporary.store)).toEqual({ files: 0, bytes: 0 });
  });
});
