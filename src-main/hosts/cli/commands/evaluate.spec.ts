import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { perch } from '../../../test/perch.ts';

const SAMPLES = fileURLToPath(new URL('../../../../assets/samples/', import.meta.url));
const PARTS = ['test/good/000.png', 'test/hole/000.png', 'ground_truth/hole/000_mask.png'];

let folder: string;
let set: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-evaluate-'));
  set = join(folder, 'cloth');
  for (const path of PARTS) await cp(join(SAMPLES, 'carpet', path), join(set, 'carpet', path));
  vi.stubEnv('PERCH_HOME', join(folder, 'home'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe('perch evaluate', () => {
  it('imports a folder, computes missing results and prints the table; then prints the same again', async () => {
    const first = await perch('evaluate', set, '--import', '--method', 'default', '--method', 'saliency-rc');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^carpet +\d+\.\d\d\*? +\d+\.\d\d/m);
    expect(first.stdout).toMatch(/default +saliency-rc/);
    const again = await perch('evaluate', 'cloth', '--method', 'default', '--method', 'saliency-rc');
    expect(again.stdout).toBe(first.stdout);
  });

  it('prints CSV and JSON, and writes a report', async () => {
    const { stdout } = await perch('evaluate', 'cloth', '--csv', '--ignore-border', '32');
    expect(stdout).toMatch(/^cloth,carpet,default,32,0\.3,/m);
    const json = await perch('evaluate', 'cloth', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ dataset: 'cloth', rows: [{ class: 'carpet' }] });
    const page = join(folder, 'out/cloth.html');
    expect(await perch('evaluate', 'cloth', '--html', page)).toMatchObject({ code: 0, stdout: `${page}\n` });
    expect(await readFile(page, 'utf8')).toMatch(/^<!doctype html>/);
  });

  it('lists the datasets, and names the command that gets a missing model', async () => {
    const unknown = await perch('evaluate', join(folder, 'nothing'));
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toMatch(/Datasets: cloth\./);
    const missing = await perch('evaluate', 'cloth', '--method', 'ours');
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(/perch models download wide_resnet50/);
  });
});

describe('perch experiment', () => {
  it("prints the paper's table, explains what is missing, and computes the rest", async () => {
    const { code, stdout } = await perch('experiment', 'table4', 'cloth');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Saliency +\d+\.\d\d +\d+\.\d\d +\d+\.\d\d +\d+\.\d\d/m);
    expect(stdout).toMatch(/^April-GAN +maps +maps/m);
    expect(stdout).toMatch(/^Ours +no wide_resnet50/m);
    expect(stdout).toMatch(/^no wide_resnet50: .*perch models download wide_resnet50/m);
  });

  it('uses another extractor in place of a missing backbone', async () => {
    const { stdout } = await perch('experiment', 'table7', 'cloth', '--extractor', 'gabor');
    expect(stdout).toMatch(/^complete +\d+\.\d\d +\d+\.\d\d/m);
    expect(stdout).toMatch(/^without F: random weights +no wide_resnet50_untrained/m);
    expect(stdout).toMatch(/The paper, on MVTec AD:[^]*^complete +97\.18 +98\.73/m);
  });
});
