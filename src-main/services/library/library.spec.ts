import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OpenImages } from './library.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-library-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('open images', () => {
  it('keep their id when they are opened again, and are unknown once closed', async () => {
    const library = new OpenImages();
    await writeFile(join(folder, 'a.png'), 'a');
    const [first] = (await library.open([folder])).images;
    const [again] = (await library.open([folder])).images;
    expect(again.id).toBe(first.id);
    expect(library.list()).toHaveLength(1);
    library.close();
    expect(() => library.pathOf(first.id)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });
});
