import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Leaderboard } from '../../../services/leaderboard/leaderboard.ts';
import { perch } from '../../../test/perch.ts';

const SAMPLES = fileURLToPath(new URL('../../../../assets/samples/', import.meta.url));
const PARTS = [
  'test/good/000.png',
  'test/good/001.png',
  'test/hole/000.png',
  'test/stain/000.png',
  'ground_truth/hole/000_mask.png',
  'ground_truth/stain/000_mask.png',
];

let folder: string;
let cloth: string;
let out: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-bench-'));
  cloth = join(folder, 'cloth');
  out = join(folder, 'out');
  for (const path of PARTS) await cp(join(SAMPLES, 'carpet', path), join(cloth, 'carpet', path));
  vi.stubEnv('PERCH_HOME', join(folder, 'home'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function leaderboard(): Promise<Leaderboard> {
  return JSON.parse(await readFile(join(out, 'leaderboard.json'), 'utf8')) as Leaderboard;
}

describe('perch methods bench', () => {
  it('imports folders, runs and ranks methods, and writes the same again without computing anything', async () => {
    const methods = ['--method', 'saliency-rc', '--method', 'default', '--resamples', '100'];
    const first = await perch('methods', 'bench', cloth, '--import', ...methods, '--out', out);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^default +\d+\.\d\d +\d+\.\d\d to \d+\.\d\d/m);
    const board = await leaderboard();
    const [dataset] = board.datasets;
    expect(dataset.methods.map(({ label }) => label)).toEqual(['default', 'saliency-rc']);
    expect(dataset).toMatchObject({ ignoreBorder: 16, omitted: [] });
    for (const { peakBytes, secondsPerImage, rows } of dataset.methods) {
      expect(peakBytes).toBeGreaterThan(2 ** 26);
      expect(secondsPerImage).toBeGreaterThan(0);
      const { value, low, high } = rows[1].auPro;
      expect(low ?? NaN).toBeLessThanOrEqual(high ?? NaN);
      expect(value).toBe(rows[0].auPro.value);
    }
    expect(await readFile(join(out, 'leaderboard.html'), 'utf8')).toMatch(/^<!doctype html>/);
    expect(await readFile(join(out, 'leaderboard.csv'), 'utf8')).toMatch(
      /^cloth,carpet,default,measured,16,0\.\d/m,
    );

    await perch('methods', 'save', join(folder, 'same.json'), '--method', 'default');
    const twice = ['--method', join(folder, 'same.json')];
    const again = await perch('methods', 'bench', 'cloth', ...methods, ...twice, '--out', out);
    expect(again.stdout).toBe(first.stdout);
    expect((await leaderboard()).datasets).toEqual(board.datasets);
  });

  it('lists methods that cannot run with the reason, and the exit code is 1', async () => {
    const methods = ['--method', 'ours', '--method', join(folder, 'bank.json'), '--method', 'default'];
    await perch(
      'methods',
      'save',
      join(folder, 'bank.json'),
      '--method',
      'patchcore',
      '--extractor',
      'gabor',
    );
    const { code, stderr, stdout } = await perch('methods', 'bench', 'cloth', ...methods, '--out', out);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^default/m);
    expect(stderr).toMatch(/cloth: ours could not run: .*perch models download wide_resnet50/);
    expect(stderr).toMatch(/cloth: bank could not run: .*no normal training images/);
    const [{ omitted }] = (await leaderboard()).datasets;
    expect(omitted.map(({ method, classes }) => [method, classes])).toEqual([
      ['ours', null],
      ['bank', null],
    ]);
  });

  it('lists methods whose inspections fail, and still ranks the images that succeed', async () => {
    const broken = join(folder, 'broken');
    for (const path of PARTS) await cp(join(SAMPLES, 'carpet', path), join(broken, 'carpet', path));
    expect(await perch('datasets', 'import', broken)).toMatchObject({ code: 0 });
    await rm(join(broken, 'carpet/test/good/001.png'));
    const { code } = await perch('methods', 'bench', 'broken', '--method', 'default', '--out', out);
    expect(code).toBe(1);
    const [{ methods, omitted, classes }] = (await leaderboard()).datasets;
    expect(methods).toHaveLength(1);
    expect(classes).toMatchObject([{ name: 'carpet', images: 3 }]);
    expect(omitted).toEqual([
      {
        method: 'default',
        classes: null,
        reason: expect.stringMatching(/^1 inspection failed\. .*001\.png/),
      },
    ]);
  });

  it('refuses a name that does not exist', async () => {
    const { code, stderr } = await perch('methods', 'bench', 'cloth', '--method', 'defualt', '--out', out);
    expect(code).toBe(1);
    expect(stderr).toMatch(/no method "defualt"/);
  });
});
