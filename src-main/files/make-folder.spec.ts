import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, makeFolderSync } from './make-folder.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'perch-spec-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe.each([
  ['makeFolder', makeFolder],
  ['makeFolderSync', async (path: string) => makeFolderSync(path)],
])('%s', (_, make) => {
  it('creates missing folders, also repeatedly and concurrently', async () => {
    const path = join(folder, 'a/b/../c/d');
    await Promise.all([make(path), make(path), make(join(folder, 'a'))]);
    await make(path);
    expect(statSync(join(folder, 'a/c/d')).isDirectory()).toBe(true);
  });

  it('follows a symbolic link to a folder', async () => {
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    await make(join(folder, 'link/below'));
    expect(statSync(join(folder, 'real/below')).isDirectory()).toBe(true);
  });

  it('fails if a file or a dangling link is in the way', async () => {
    writeFileSync(join(folder, 'file'), '');
    symlinkSync(join(folder, 'absent'), join(folder, 'dangling'));
    await expect(make(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(make(join(folder, 'file/below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(make(join(folder, 'dangling'))).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it.skipIf(process.platform !== 'linux')('ends with an error below /proc', async () => {
    await expect(make('/proc/x')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(make('/proc/x/y')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
