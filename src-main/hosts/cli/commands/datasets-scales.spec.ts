import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { lay, picture } from '../../../services/datasets/test/pictures.ts';
import { Store } from '../../../store/store.ts';
import { perch } from '../../../test/perch.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-scales-'));
  vi.stubEnv('PERCH_HOME', join(folder, 'home'));
  await lay(join(folder, 'wood'), {
    'oak/test/good/000.png': picture(1),
    'pine/test/good/000.png': picture(2),
  });
  expect(await perch('datasets', 'import', join(folder, 'wood'))).toMatchObject({ code: 0 });
  declare(null, null);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const set = (...options: string[]) => perch('datasets', 'set-scale', 'wood', ...options, '--author', 'Ada');
const list = async (...options: string[]) => (await perch('datasets', 'scales', 'wood', ...options)).stdout;

/** Declares the size of every image's pixels, or none. */
function declare(...sizes: (number | null)[]): void {
  const store = new Store(join(folder, 'home'));
  const { id } = store.datasets.getByName('wood');
  for (const [at, { id: image, pixelSize: _, ...row }] of store.images.listByDataset(id).entries()) {
    const side = sizes[at];
    store.images.update(image, { ...row, ...(side !== null && { pixelSize: { x: side, y: side } }) });
  }
  store.close();
}

describe('perch datasets set-scale', () => {
  it.each([
    [['--mm-per-pixel', '0.1'], '0.1 mm per pixel'],
    [['--mm-per-pixel', '0.1x0.12'], '0.1 mm per pixel across, 0.12 along'],
    [['--dpi', '254'], '0.1 mm per pixel'],
    [['--measured', '50mm=200'], '0.25 mm per pixel'],
    [['--measured', '1in=100'], '0.254 mm per pixel'],
    [['--clear'], 'no scale'],
  ])('sets a class: %j', async (options, text) => {
    expect(await set('oak', ...options)).toMatchObject({ code: 0, stdout: `wood, oak: ${text}.\n` });
    expect(await list()).toMatch(new RegExp(`^oak {3}${text}`));
  });

  it('sets all classes', async () => {
    expect((await set('--mm-per-pixel', '0.5')).stdout).toBe(
      'wood, oak: 0.5 mm per pixel.\nwood, pine: 0.5 mm per pixel.\n',
    );
    expect(await list()).toMatch(/^oak {3}0\.5 .* \(typed by Ada, .*\npine {2}0\.5 mm per pixel/);
  });

  it.each([
    [['oak'], /Choose a scale with --mm-per-pixel, --dpi/],
    [['oak', '--mm-per-pixel', '0'], /above 0/],
    [['oak', '--mm-per-pixel', '1x2x3'], /ACROSSxALONG/],
    [['oak', '--measured', '50=200'], /25\.4mm=312/],
    [['oak', '--measured', '50mm=0'], /25\.4mm=312/],
    [['oak', '--dpi', '300', '--clear'], /cannot be used with option/],
    [['beech', '--dpi', '300'], /beech/],
  ])('is refused with the reason: %j', async (options, reason) => {
    const { code, stderr } = await set(...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(reason);
  });

  it('takes what the files declare, which is a proposal before', async () => {
    await set('--clear');
    expect((await set('oak', '--from-files')).stderr).toMatch(/declare no resolution/);
    declare(25.4 / 72, 0.2);
    expect(await list()).toBe(
      'oak   no scale\n      1 image declares 0.3528 mm per pixel. Programs write 72 dpi where they know no resolution.\n' +
        'pine  no scale\n      1 image declares 0.2 mm per pixel.\n',
    );
    expect((await set('--from-files')).stdout).toBe(
      'wood, oak: 0.3528 mm per pixel.\nwood, pine: 0.2 mm per pixel.\n',
    );
    expect((await set('--from-files')).stdout).toBe('Every class has the scale of its files already.\n');
    const [oak] = (await list('--json')).split('\n');
    expect(JSON.parse(oak)).toMatchObject({
      textureClass: 'oak',
      source: 'file',
      proposals: [],
      scale: { across: 25.4 / 72, along: 25.4 / 72 },
    });
  });
});
