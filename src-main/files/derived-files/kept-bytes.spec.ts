import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { DerivedFiles, type FileKind } from './derived-files.ts';
import { DEFAULT_DERIVED_BYTES, keptBytes, setKeptBytes } from './kept-bytes.ts';

let home: string;
let folder: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'perch-kept-'));
  folder = join(home, 'pixels');
});
afterEach(() => rm(home, { recursive: true }));

const numbers: FileKind<{ count: number }> = {
  schema: z.object({ count: z.number() }),
  bytesOf: ({ count }) => count,
};
const make = async (key: string) => {
  const files = new DerivedFiles(folder);
  const { file } = await files.open(DerivedFiles.keyOf([key]), numbers, 600, async (to) => {
    await writeFile(to, Buffer.alloc(600));
    return { count: 600 };
  });
  await file.close();
};

it('is the default until it is set, and if its file is damaged', async () => {
  expect(await keptBytes(folder)).toBe(DEFAULT_DERIVED_BYTES);
  await setKeptBytes(folder, 5);
  expect(await keptBytes(folder)).toBe(5);
  await writeFile(`${folder}-limit.json`, '{');
  expect(await keptBytes(folder)).toBe(DEFAULT_DERIVED_BYTES);
});

it('limits the files from the next one that is made', async () => {
  await make('a');
  await make('b');
  expect(await readdir(folder)).toHaveLength(2);
  await setKeptBytes(folder, 1000);
  await make('c');
  expect(await readdir(folder)).toHaveLength(1);
});
