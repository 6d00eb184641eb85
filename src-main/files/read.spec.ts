import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readHead, readInputFile, readRegular, readError } from './read.ts';
import { sha256Of } from './sha256.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'perch-spec-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const readers: [string, (path: string) => Promise<unknown>][] = [
  ['readInputFile', readInputFile],
  ['readHead', (path) => readHead(path, 10)],
  ['readRegular', readRegular],
  ['sha256Of', sha256Of],
];

describe.each(readers)('%s', (_, read) => {
  it('reads a file, also through a symbolic link', async () => {
    writeFileSync(join(folder, 'a'), 'content');
    symlinkSync(join(folder, 'a'), join(folder, 'link'));
    expect(await read(join(folder, 'link'))).toEqual(await read(join(folder, 'a')));
  });

  it.skipIf(process.platform === 'win32')('refuses a path that would block, without opening it', async () => {
    const pipe = join(folder, 'pipe.png');
    execFileSync('mkfifo', [pipe]);
    symlinkSync(pipe, join(folder, 'link.png'));
    for (const path of [pipe, join(folder, 'link.png')]) {
      await expect(read(path)).rejects.toMatchObject({
        code: 'NOT_READABLE',
        message: `${path} is a named pipe, not a regular file. Perch reads regular files only.`,
      });
    }
    await expect(read('/dev/zero')).rejects.toMatchObject({ message: expect.stringContaining('a device') });
    const server = createServer().listen(join(folder, 'socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    await expect(read(join(folder, 'socket'))).rejects.toMatchObject({
      message: expect.stringContaining('a socket'),
    });
    server.close();
  });

  it('reports that a path is a folder', async () => {
    mkdirSync(join(folder, 'a.png'));
    await expect(read(join(folder, 'a.png'))).rejects.toMatchObject({
      code: 'NOT_AN_IMAGE',
      message: expect.stringContaining('is a folder'),
    });
  });

  it('explains why a name cannot be opened', async () => {
    await expect(read(join(folder, 'a'.repeat(300)))).rejects.toMatchObject({
      code: 'NOT_READABLE',
      message: expect.stringContaining('too long for this system'),
    });
    // Node decodes a name that is not UTF-8 with replacement characters, so that the file cannot be found.
    await expect(read(join(folder, 'a\ufffd.png'))).rejects.toMatchObject({
      code: 'NOT_READABLE',
      message: expect.stringContaining('not UTF-8'),
    });
    symlinkSync(join(folder, 'loop'), join(folder, 'loop'));
    await expect(read(join(folder, 'loop'))).rejects.toMatchObject({
      message: expect.stringContaining('circular symbolic link'),
    });
  });
});

it('names a file that no longer exists', () => {
  const cause = Object.assign(new Error(), { code: 'ENOENT' });
  expect(readError('/a.png', cause)).toMatchObject({ code: 'NOT_FOUND' });
});
