import { appendFile, mkdtemp, open, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { PieceFile } from '../../../store/pieces.ts';
import { until } from '../test/settled.ts';
import { mulberry32 } from '../../../methods/prng.ts';
import { cloth } from '../test/line.ts';
import { ArrivingFiles } from './arriving-files.ts';
import type * as FileEnd from './file-end.ts';

/** Called before the end of a file is read. */
const beforeEnd = vi.hoisted(() => vi.fn(async (): Promise<void> => {}));
vi.mock('./file-end.ts', async (importOriginal) => {
  const { fileEnd } = await importOriginal<typeof FileEnd>();
  return {
    fileEnd: async (file: string) => {
      await beforeEnd();
      return fileEnd(file);
    },
  };
});

const timeouts = { wholeMs: 60, unknownMs: 300, incompleteMs: 4000 };
let folder: string;
let arriving: ArrivingFiles;
let whole: PieceFile[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-arriving-'));
  whole = [];
  arriving = new ArrivingFiles(folder, { timeouts, isInOrder: false }, async (file) => void whole.push(file));
});
afterEach(async () => {
  await arriving.close();
  await rm(folder, { recursive: true });
});

const path = (file: string) => join(folder, file);
const names = () => whole.map(({ file }) => file);

it('reports a whole file soon, once, with its size', async () => {
  const bytes = await cloth(1);
  await writeFile(path('a.png'), bytes);
  for (let count = 0; count < 3; count++) arriving.note('a.png');
  await until(() => whole.length > 0 && arriving.size === 0);
  expect(whole).toEqual([{ file: 'a.png', bytes: bytes.length, mtimeMs: expect.any(Number) }]);
});

it('reports files that arrive together in their order, however long each look takes', async () => {
  const random = mulberry32(5);
  let clock = 0;
  const now = vi.spyOn(performance, 'now').mockImplementation(() => (clock += random() * timeouts.wholeMs));
  try {
    const files = Array.from({ length: 20 }, (_, at) => `${at}.png`);
    for (const file of files) await writeFile(path(file), await cloth(1));
    for (let at = 0; at < files.length; at += 2) {
      arriving.note(files[at]);
      arriving.note(files[at + 1]);
      await until(() => whole.length === at + 2);
    }
    expect(names()).toEqual(files);
  } finally {
    now.mockRestore();
  }
});

it('waits for the second half of a file, however long its writer rests, and lets later files pass', async () => {
  const bytes = await cloth(1);
  await writeFile(path('slow.png'), bytes.subarray(0, 500));
  arriving.note('slow.png');
  await writeFile(path('fast.png'), await cloth(2));
  arriving.note('fast.png');
  await until(() => whole.length === 1);
  await pause(300);
  expect(names()).toEqual(['fast.png']);
  expect(arriving.size).toBe(1);
  await appendFile(path('slow.png'), bytes.subarray(500));
  await until(() => whole.length === 2);
  expect(whole[1]).toMatchObject({ file: 'slow.png', bytes: bytes.length });
});

it('does not report the size that a file had before its end arrived', async () => {
  const bytes = await cloth(1);
  await writeFile(path('slow.png'), bytes.subarray(0, 500));
  // The rest arrives after the size is read and before the end is.
  beforeEnd.mockImplementationOnce(() => appendFile(path('slow.png'), bytes.subarray(500)));
  arriving.note('slow.png');
  await until(() => whole.length === 1);
  expect(whole).toMatchObject([{ file: 'slow.png', bytes: bytes.length }]);
});

it('does not report a file that still grows', async () => {
  await using file = await open(path('a.png'), 'w');
  arriving.note('a.png');
  for (let count = 0; count < 10; count++) {
    await file.write(Buffer.alloc(10, 1));
    await pause(100);
  }
  expect(whole).toEqual([]);
});

it('reports a broken file in the end, whose inspection says what is wrong', async () => {
  await writeFile(path('a.png'), (await cloth(1)).subarray(0, 500));
  arriving.note('a.png');
  await until(() => whole.length === 1);
  expect(whole[0]).toMatchObject({ file: 'a.png', bytes: 500 });
});

it('reports files in the order of their names, where later ones wait for those that are not whole', async () => {
  await arriving.close();
  arriving = new ArrivingFiles(folder, { timeouts, isInOrder: true }, async (file) => void whole.push(file));
  const bytes = await cloth(1);
  await writeFile(path('10.png'), bytes);
  await utimes(path('10.png'), 1e9, 1e9);
  await writeFile(path('9.png'), bytes.subarray(0, 500));
  await writeFile(path('8.png'), bytes);
  for (const name of ['10.png', '9.png', '8.png']) arriving.note(name);
  await until(() => whole.length > 0);
  await pause(300);
  expect(names()).toEqual(['8.png']);
  await appendFile(path('9.png'), bytes.subarray(500));
  await until(() => whole.length === 3);
  expect(names()).toEqual(['8.png', '9.png', '10.png']);
});

it('reports a file at once that was written long ago and appears by a new name', async () => {
  await writeFile(path('.hidden'), await cloth(1));
  await utimes(path('.hidden'), 1e9, 1e9);
  await rename(path('.hidden'), path('a.png'));
  const start = performance.now();
  arriving.note('a.png');
  await until(() => whole.length === 1);
  expect(performance.now() - start).toBeLessThan(timeouts.wholeMs);
});

it('forgets files that vanish, and folders', async () => {
  arriving.note('gone.png');
  await until(() => arriving.size === 0);
  expect(whole).toEqual([]);
});
