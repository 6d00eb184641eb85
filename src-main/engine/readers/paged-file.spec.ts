import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPagedFile } from './paged-file.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-pages-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a file with pages', () => {
  it('is read once for many pages, and again after it changed', async () => {
    const [path, other] = [join(folder, 'a.tif'), join(folder, 'b.tif')];
    await Promise.all([writeFile(path, 'one'), writeFile(other, 'two')]);
    const first = await readPagedFile(path);
    expect(await readPagedFile(path)).toBe(first);
    await writeFile(path, 'other');
    expect(String(await readPagedFile(path))).toBe('other');
    expect(String(await readPagedFile(other))).toBe('two');
  });

  it('is rejected if it is missing', async () => {
    await expect(readPagedFile(join(folder, 'none.tif'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
