import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileAtomic } from './write.ts';

/** A file system of a few bytes, which only root can mount. */
const mayMount = process.platform === 'linux' && spawnSync('unshare', ['--mount', 'true']).status === 0;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-write-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('writing a file', () => {
  it('creates missing folders, replaces an existing file and leaves no other file behind', async () => {
    const path = join(folder, 'neu/größe.bin');
    await writeFileAtomic(path, Buffer.from('old'));
    await writeFileAtomic(path, Buffer.from('new'));
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(join(folder, 'neu'))).toEqual(['größe.bin']);
  });

  it('reports the path on failure, and leaves nothing behind', async () => {
    await mkdir(join(folder, 'taken'));
    await writeFile(join(folder, 'file'), '');
    for (const path of [join(folder, 'taken'), join(folder, 'file/below')]) {
      await expect(writeFileAtomic(path, Buffer.from('x'))).rejects.toMatchObject({
        code: 'NOT_WRITABLE',
        message: expect.stringContaining(path),
      });
    }
    expect((await readdir(folder)).sort()).toEqual(['file', 'taken']);
  });

  it.skipIf(process.platform === 'win32')('leaves named pipes and devices in place', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await symlink(pipe, join(folder, 'link'));
    for (const path of [pipe, join(folder, 'link')])
      await expect(writeFileAtomic(path, Buffer.from('x'))).rejects.toMatchObject({
        code: 'NOT_WRITABLE',
        message: `${path} is a named pipe, not a regular file. Name a file to write to.`,
      });
    expect((await stat(pipe)).isFIFO()).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(['link', 'pipe']);
  });

  it.skipIf(!mayMount)(
    'says that the disk is full, and leaves the existing file unchanged (requires permission to mount)',
    async () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'perch-test', folder]);
      try {
        const path = join(folder, 'map.npy');
        await writeFileAtomic(path, Buffer.from('old'));
        await expect(writeFileAtomic(path, Buffer.alloc(200_000))).rejects.toMatchObject({
          code: 'DISK_FULL',
        });
        expect(await readdir(folder)).toEqual(['map.npy']);
        expect(await readFile(path, 'utf8')).toBe('old');
      } finally {
        execFileSync('umount', [folder]);
      }
    },
  );
});
