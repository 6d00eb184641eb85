import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Store } from '../../../store/store.ts';
import { perch } from '../../../test/perch.ts';

let folder: string;

/** Imports a dataset of one class with three images, the first of them masked, and adds two reviews of it. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-review-'));
  vi.stubEnv('PERCH_HOME', join(folder, 'home'));
  for (const name of ['0', '1', '2']) await write(`cloth/linen/test/hole/${name}.png`, await square(90));
  await write('cloth/linen/ground_truth/hole/0_mask.png', await square(255));
  const imported = await perch('datasets', 'import', join(folder, 'cloth'));
  expect(imported.code, imported.stderr).toBe(0);
  const store = new Store();
  const dataset = store.datasets.getByName('cloth').id;
  const images = store.images.listByDataset(dataset).map(({ id }) => id);
  for (const operator of ['Ada', 'Åsa']) {
    const { id } = store.sessions.add({ dataset, operator, name: '', method: null, filter: '', images });
    const decide = (image: number, verdict: 'accept' | 'reject', defectType = '') =>
      store.verdicts.add(id, { image, verdict, defectType, note: '' });
    decide(images[0], 'reject', 'hole');
    decide(images[1], operator === 'Ada' ? 'accept' : 'reject');
  }
  store.close();
});
afterAll(async () => {
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

describe('perch reviews', () => {
  it('lists, summarizes, compares and exports reviews', async () => {
    const list = await perch('reviews', 'list', '--dataset', 'cloth');
    expect(list.stdout, list.stderr).toMatch(
      /^2 {2}Review 2: Åsa, cloth, 2 of 3 reviewed\n1 {2}Review 1: Ada/,
    );

    const summary = await perch('reviews', 'summary', '1');
    expect(summary.stdout, summary.stderr).toMatch(/^reject +1 +1 +0 +0 /m);
    expect(summary.stdout).toContain('defect types: hole 1');

    const agreement = await perch('reviews', 'compare', '1', '2');
    expect(agreement.stdout, agreement.stderr).toContain(
      '2 images in both reviews, the same verdict on 50.0 %, kappa 0.000\n',
    );
    expect(agreement.stdout).toContain('test/hole/1.png: accept, reject');

    const table = await perch('reviews', 'export', '1');
    expect(table.stdout, table.stderr).toMatch(/^session,operator,method,class,image,verdict,.*\r\n/);
    const out = join(folder, 'out/review.json');
    expect(await perch('reviews', 'export', '1', '--format', 'json', '--out', out)).toMatchObject({
      code: 0,
      stdout: '',
    });
    expect(JSON.parse(await readFile(out, 'utf8'))).toMatchObject({ session: { operator: 'Ada' } });
  });

  it('creates blind reviews of one or several operators', async () => {
    const single = await perch('reviews', 'create', 'cloth', '--operator', 'Bo', '--hide-heatmap', '--json');
    expect(JSON.parse(single.stdout), single.stderr).toMatchObject({
      operator: 'Bo',
      total: 3,
      blind: true,
      heatmapHidden: true,
      group: null,
    });
    const both = ['--operator', 'Bo', '--operator', 'Di', '--overlap', '34', '--class', 'linen', '--blind'];
    const group = await perch('reviews', 'create', 'cloth', ...both);
    expect(group.stdout, group.stderr).toMatch(
      /^\d+ {2}Review \d+: Bo, cloth, 0 of 3 reviewed, blind, group 1\n\d+ {2}Review \d+: Di, cloth, 0 of 2 reviewed/,
    );
    const unknown = await perch('reviews', 'create', 'cloth', '--operator', 'Bo', '--class', 'silk');
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toContain('The dataset "cloth" has no class "silk".');
    const method = await perch('reviews', 'create', 'cloth', '--operator', 'Bo', '--method', 'ours');
    expect(method.stderr).toContain(
      'No stored method has the label "ours". Run a method over the dataset first.',
    );
    expect((await perch('reviews', 'create', 'cloth')).code).not.toBe(0);
  });

  it('adjudicates a disagreement, and adds the gold verdicts to the ground truth', async () => {
    const adjudication = await perch('reviews', 'adjudicate', '1', '2', '--operator', 'Cy', '--json');
    const { id, total } = JSON.parse(adjudication.stdout) as { id: number; total: number };
    expect(total).toBe(1);
    const gold = async () => (await perch('reviews', 'gold', String(id))).stdout;
    expect(await gold()).toBe(
      'linen/test/hole/0.png: reject (agreed)\nlinen/test/hole/1.png: open (accept, reject)\n',
    );
    const store = new Store();
    const [image] = store.sessions.listImages(id);
    store.verdicts.add(id, { image, verdict: 'accept', defectType: '', note: '' });
    store.close();
    expect(await gold()).toContain('linen/test/hole/1.png: accept (accept, reject)\n');

    const adopt = (...options: string[]) =>
      perch('reviews', 'adopt', String(id), '--author', 'Cy', ...options);
    expect((await adopt('--preview')).stdout).toContain('1 image would become normal, 1 already agreed');
    expect((await adopt()).stdout).toContain('1 image became normal, 1 already agreed');
    expect((await adopt()).stdout).toContain('0 images became normal, 2 already agreed');
    const table = await perch('reviews', 'gold', String(id), '--format', 'csv');
    expect(table.stdout).toMatch(
      /Cy,Ada,Åsa,linen,test\/hole\/1.png,accept,adjudicated,,,accept,reject,normal,/,
    );

    const again = await perch('reviews', 'adjudicate', '1', '1', '--operator', 'Cy');
    expect(again.stderr).toContain('Choose two different reviews of one dataset');
  });

  it('fails for a review that does not exist', async () => {
    const missing = await perch('reviews', 'summary', '9');
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toMatch(/^perch: Review 9 does not exist/);
  });
});
