import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Store } from '../../../store/store.ts';
import { perch } from '../../../test/perch.ts';

let folder: string;

/** Imports a dataset of one class with three images, the first of them masked. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-annotations-'));
  vi.stubEnv('PERCH_HOME', join(folder, 'home'));
  for (const name of ['0', '1', '2']) await write(`cloth/linen/test/hole/${name}.png`, await square(90));
  await write('cloth/linen/ground_truth/hole/0_mask.png', await square(255));
  expect(await perch('datasets', 'import', join(folder, 'cloth'))).toMatchObject({ code: 0 });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), bytes);
}

const square = (level: number) =>
  sharp({ create: { width: 16, height: 16, channels: 3, background: { r: level, g: level, b: level } } })
    .toColourspace('b-w')
    .png()
    .toBuffer();

const importFrom = (path: string) =>
  perch('annotations', 'import', 'cloth', path, '--author', 'Ada', '--json');

describe('perch annotations', () => {
  it('exports masks and imports them as new revisions', async () => {
    const out = join(folder, 'masks');
    const exported = await perch('annotations', 'export', 'cloth', out);
    expect(exported.stdout, exported.stderr).toBe(`Wrote 1 mask to ${out}.\n`);
    const mask = join(out, 'linen/ground_truth/hole/0_mask.png');
    await writeFile(join(dirname(mask), '2_mask.png'), await readFile(mask));
    await writeFile(join(dirname(mask), '7_mask.png'), await readFile(mask));

    const { code, stdout } = await importFrom(out);
    const { problems, ...counts } = JSON.parse(stdout) as { problems: { kind: string }[] };
    expect({ code, ...counts }).toEqual({ code: 0, written: 1, unchanged: 1 });
    // Each mask covers its whole image.
    const kinds = problems.map(({ kind }) => kind);
    expect(kinds).toEqual(['mask-without-image', 'mask-doubtful', 'mask-doubtful']);
    const store = new Store();
    const [first, , third] = store.images.listByDataset(store.datasets.getByName('cloth').id);
    expect([first.revision, third]).toMatchObject([1, { groundTruth: 'masked', mask: first.mask }]);
    expect(store.revisions.latest(third.id)).toMatchObject({ author: 'Ada', pixels: 256 });
    store.close();
  });

  it('fails if every file was refused', async () => {
    await write('masks/linen/ground_truth/hole/7_mask.png', await square(255));
    await write('masks/linen/ground_truth/hole/1_mask.png', Buffer.from('no image'));
    const { code, stdout } = await importFrom(join(folder, 'masks'));
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ written: 0, unchanged: 0, problems: [{}, {}] });
  });

  it('succeeds if nothing changed', async () => {
    const { code, stdout } = await importFrom(join(folder, 'cloth'));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ written: 0, unchanged: 1 });
  });

  it('refuses to export into the dataset', async () => {
    const refused = await perch('annotations', 'export', 'cloth', join(folder, 'cloth/linen/masks'));
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain('Choose a folder outside it');
  });
});
