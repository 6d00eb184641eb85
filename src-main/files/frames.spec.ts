import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listFrames } from './frames.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(os.tmpdir(), 'perch-frames-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (...names: string[]) => Promise.all(names.map((name) => writeFile(join(folder, name), '')));

describe('frames of a folder', () => {
  it('are in natural order', async () => {
    await write('f10.png', 'f9.png', 'f8.png', 'f11.png');
    const { frames, notes } = await listFrames(folder);
    expect(frames.map(({ name }) => name)).toEqual(['f8.png', 'f9.png', 'f10.png', 'f11.png']);
    expect(frames[0].path).toBe(join(folder, 'f8.png'));
    expect(notes).toEqual([]);
  });

  it('leave out other files and folders, and say so', async () => {
    await write('1.png', '2.png', 'notes.txt', '.hidden.png');
    await mkdir(join(folder, 'masks'));
    const { frames, notes } = await listFrames(folder);
    expect(frames).toHaveLength(2);
    expect(notes).toEqual(['Ignored masks/, notes.txt.']);
  });

  it.each([
    ['one', ['a_001.png', 'a_003.png'], '1 frame is missing in the numbering: 2.'],
    [
      'several',
      ['a1.png', 'a2.png', 'a5.png', 'a7.png'],
      '3 frames are missing in the numbering: 3 to 4, 6.',
    ],
    [
      'many',
      [1, 3, 5, 7, 9, 11, 13].map((number) => `${number}.tif`),
      '6 frames are missing in the numbering: 2, 4, 6, 8, 10 and 1 more.',
    ],
  ])('report %s missing', async (_, names, message) => {
    await write(...names);
    expect((await listFrames(folder)).notes).toEqual([`${message} The frames around a gap are joined.`]);
  });

  it('have no gaps if their names are not one numbering', async () => {
    await write('a1.png', 'b5.png', 'top.png');
    expect((await listFrames(folder)).notes).toEqual([]);
  });

  it('are required', async () => {
    await expect(listFrames(folder)).rejects.toMatchObject({ code: 'NOT_AN_IMAGE' });
    await expect(listFrames(join(folder, 'none'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await write('1.png');
    await expect(listFrames(join(folder, '1.png'))).rejects.toMatchObject({ code: 'NOT_READABLE' });
  });
});
