import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ContentCache } from './content-cache.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-cache-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** Uses a content and counts how often it is fetched. */
async function use(cache: ContentCache, text: string, fetched: string[] = []): Promise<string> {
  return cache.use(hashOf(text), text.length, async () => {
    fetched.push(text);
    return Readable.from([Buffer.from(text)]);
  });
}

describe('the cache of a worker', () => {
  it('fetches a content once, also for several tasks at once and after a restart', async () => {
    const fetched: string[] = [];
    const cache = await ContentCache.open(folder, 1000);
    const paths = await Promise.all([use(cache, 'a', fetched), use(cache, 'a', fetched)]);
    expect(new Set(paths).size).toBe(1);
    expect(await readFile(paths[0], 'utf8')).toBe('a');
    await use(await ContentCache.open(folder, 1000), 'a', fetched);
    expect(fetched).toEqual(['a']);
  });

  it('removes what was not used for the longest time, but nothing in use', async () => {
    const cache = await ContentCache.open(folder, 8);
    for (const text of ['aaaa', 'bbbb', 'cccc']) await use(cache, text);
    expect(cache.bytes).toBe(12);
    cache.release(hashOf('bbbb'));
    await expect.poll(() => readdir(folder)).not.toContain(hashOf('bbbb'));
    expect((await readdir(folder)).sort()).toEqual([hashOf('aaaa'), hashOf('cccc')].sort());
    expect(cache.bytes).toBe(8);
  });

  it('refuses other content than wanted, and leaves no file of it or of a killed process', async () => {
    await writeFile(join(folder, 'left.tmp'), 'part');
    const cache = await ContentCache.open(folder, 1000);
    for (const sent of ['xyz', 'much longer than announced', ''])
      await expect(
        cache.use(hashOf('abc'), 3, async () => Readable.from([Buffer.from(sent)])),
      ).rejects.toMatchObject({ code: 'IMAGE_CHANGED' });
    expect(await readdir(folder)).toEqual([]);
    await expect(use(cache, 'abc')).resolves.toContain(hashOf('abc'));
    await expect(cache.use('../escape', 1, async () => Readable.from([]))).rejects.toThrow();
  });
});
