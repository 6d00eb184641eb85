import { cp, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ImageDecision } from '../../../common/api/recipes.ts';
import { EngineClient } from '../../../engine/client/engine-client.ts';
import { createServices } from '../../../services/create-services.ts';
import { addCloth } from '../../../services/runs/test/cloth.ts';
import { perch } from '../../../test/perch.ts';
import { temporaryStore } from '../../../test/store.ts';

let temporary: ReturnType<typeof temporaryStore>;
let dataset: number;
let paths: string[];
let normal: string[];
const at = (name: string) => join(temporary.home, name);

async function succeed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await perch(...args);
  expect(code, stderr).toBe(0);
  return stdout;
}

async function decisions(): Promise<ImageDecision[]> {
  const engine = new EngineClient();
  const services = createServices(temporary.store, engine);
  const { signal } = new AbortController();
  const { decisions: found } = await services.recipes.decisions({ dataset }, signal);
  await services.close();
  await engine.close();
  return found;
}

/** A recipe whose method compares with the 3 normal training images of its class, calibrated on 3 test images. */
beforeAll(async () => {
  temporary = temporaryStore();
  vi.stubEnv('PERCH_HOME', temporary.home);
  const { store } = temporary;
  ({ dataset, paths } = await addCloth(store, at('cloth'), { images: 3, train: 3 }));
  normal = store.images.listNormal(dataset, 'linen').map(({ path }) => path);
  const method = { extractor: 'colors', statistic: 'fca', reference: 'median', patchSize: 3, normal: true };
  await writeFile(at('normal.json'), JSON.stringify({ method }));
  const author = ['--author', 'Ada', '--reason', 'new'];
  const scope = ['--class', 'linen', '--dataset', 'cloth', '--method', at('normal.json'), '--min-area', '4'];
  await succeed('recipes', 'create', 'Linen', ...scope, ...author);
  await succeed('recipes', 'mark-good', 'cloth', ...paths);
  await succeed('recipes', 'calibrate', 'Linen', '--good', 'test', '--false-rejects', '0', ...author);
}, 60_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await temporary.dispose();
});

/** Copies normal images to a folder of their own. */
async function folderOf(name: string, files: readonly string[]): Promise<string> {
  await mkdir(at(name));
  for (const file of files) await cp(file, join(at(name), basename(file)));
  return at(name);
}

describe('a recipe that was calibrated with normal images', () => {
  const inspect = (folder: string) =>
    perch('inspect', paths[0], '--recipe', 'Linen', '--normal', folder, '--out', at('out'));

  it('inspects with the same images, under any names and in any order', async () => {
    const { code, stderr } = await inspect(await folderOf('same', normal.toReversed()));
    expect([0, 10, 20], stderr).toContain(code);
  });

  it('refuses others', async () => {
    const { code, stderr } = await inspect(await folderOf('fewer', normal.slice(1)));
    expect(code).toBe(1);
    expect(stderr).toContain('calibrated with other normal images');
  });

  it('decides no image of a class whose normal images changed, and says so', async () => {
    expect((await decisions()).map(({ decision }) => decision === null)).toEqual([false, false, false]);
    const [{ id }] = temporary.store.images.listNormal(dataset, 'linen');
    temporary.store.database.prepare("UPDATE images SET split = 'test' WHERE id = ?").run(id);
    const stdout = await succeed('runs', 'start', 'cloth', '--recipe', 'Linen');
    expect(stdout).toContain('4 not decided');
    for (const decided of await decisions())
      expect(decided).toMatchObject({ decision: null, reason: { type: 'other-normal-images' } });
    const { stdout: report } = await perch('evaluate', 'cloth', '--method', at('normal.json'));
    expect(report).toMatch(
      /linen: the class has other normal images than the recipe "Linen" was calibrated with/,
    );
  });
});
