import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeNpy } from '../../../common/maps/npy.ts';
import { lay, maskPicture, picture } from '../../../services/datasets/test/pictures.ts';
import { perch } from '../../../test/perch.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-datasets-'));
  vi.stubEnv('PERCH_HOME', join(folder, 'home'));
  await lay(join(folder, 'oak'), {
    'oak/test/hole/000.png': picture(1),
    'oak/test/good/000.png': picture(2),
    'oak/test/good/broken.png': Buffer.from('no image'),
    'oak/ground_truth/hole/000_mask.png': maskPicture(5),
  });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe('perch datasets', () => {
  it('imports, shows, verifies, gets a new path and imported maps, and is removed', async () => {
    const imported = await perch('datasets', 'import', join(folder, 'oak'), '--name', 'my oak', '--json');
    expect(imported.stderr).toBe('');
    const { dataset, problems } = JSON.parse(imported.stdout);
    expect(dataset).toMatchObject({ name: 'my oak', layout: 'mvtec', classes: [{ masked: 1, normal: 1 }] });
    expect(problems).toMatchObject([{ kind: 'unreadable', path: expect.stringContaining('broken.png') }]);

    const shown = await perch('datasets', 'show', 'my oak');
    expect(shown.stdout).toMatch(
      /my oak: 2 images of 1 class \(mvtec\), metrics ignore a border of 2 pixels/,
    );
    expect(shown.stdout).toMatch(/oak +2 +0 +1 +1 +0/);

    await rename(join(folder, 'oak'), join(folder, 'archive'));
    const relocated = await perch('datasets', 'set-path', 'my oak', join(folder, 'archive'));
    expect(relocated).toMatchObject({ code: 0, stdout: 'All files of my oak are unchanged.\n' });
    await lay(join(folder, 'archive'), { 'oak/test/good/000.png': picture(3) });
    const checked = await perch('datasets', 'verify', 'my oak', '--json');
    expect(checked.code).toBe(1);
    expect(JSON.parse(checked.stdout)).toMatchObject({ problems: [{ kind: 'changed' }] });

    const set = (...region: string[]) =>
      perch('datasets', 'set-region', 'my oak', 'oak', '--author', 'Ada', ...region);
    expect(await set('--border', '2')).toMatchObject({ code: 0, stdout: 'my oak, oak: border 2 px.\n' });
    const listed = await perch('datasets', 'regions', 'my oak');
    expect(listed.stdout).toMatch(/^oak {2}border 2 px {2}\(Ada, \d{4}-\d\d-\d\d\)\n$/);
    expect((await set('--border', '2000')).stderr).toMatch(
      /oak, .*: A border of 2000 px covers all of an image/,
    );
    expect((await set()).stderr).toBe('perch: Choose a region with --file, --border or --clear.\n');
    expect((await set('--border', '2', '--clear')).stderr).toMatch(/cannot be used with option/);
    expect((await set('--border', '2mm')).stderr).toMatch(/"oak" has no scale\. .*set-scale/);
    expect((await set('--border', '2cm')).stderr).toMatch(/in px or mm/);
    const create = [
      'recipes',
      'create',
      'Oak',
      '--class',
      'oak',
      '--dataset',
      'my oak',
      '--mm-per-pixel',
      '0.5',
    ];
    expect(await perch(...create)).toMatchObject({ code: 0 });
    expect(await set('--border', '2.5mm')).toMatchObject({ code: 0, stdout: 'my oak, oak: border 5 px.\n' });
    expect(await set('--clear')).toMatchObject({ code: 0, stdout: 'my oak, oak: the whole image.\n' });
    expect((await perch('datasets', 'regions', 'my oak')).stdout).toBe(
      'All images of my oak are inspected as a whole.\n',
    );

    const map = Buffer.from(writeNpy({ shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) }));
    await lay(join(folder, 'maps'), { 'oak/hole/000.npy': map });
    const taken = await perch(...['maps', 'import', 'my oak', join(folder, 'maps'), '--method', 'other']);
    expect(taken.stdout).toBe('Imported 1 map of other into my oak, 1 test image without a map.\n');

    expect((await perch('datasets', 'remove', 'my oak')).code).toBe(0);
    expect((await perch('datasets', 'list')).stdout).toContain('No dataset has been imported');
    const removed = await perch('datasets', 'show', 'my oak');
    expect(removed).toMatchObject({
      code: 1,
      stderr: 'perch: There is no dataset "my oak". No dataset has been imported.\n',
    });
  });
});

describe('perch datasets import', () => {
  it('with --preview prints what would be imported and skipped, and imports nothing', async () => {
    await lay(join(folder, 'elm'), {
      'Test/OK/1.png': picture(1),
      'Test/knot/2.png': picture(2),
      'Masks/knot/2_GT.png': picture(3),
      'Test/knot/notes.gif': Buffer.from(''),
    });
    const preview = await perch('datasets', 'import', join(folder, 'elm'), '--preview');
    expect(preview.code, preview.stderr).toBe(0);
    expect(preview.stdout).toMatch(/elm +2 +0 +1 +1 +0 +0/);
    expect(preview.stdout).toMatch(
      /1 {2}Test\/knot {2}test images, defective \(knot\)[^]*1 {2}Masks\/knot {2}masks/,
    );
    expect(preview.stderr).toMatch(/skipped: \.gif files: 1 \(.*notes\.gif\)/);
    expect((await perch('datasets', 'list')).stdout).toContain('No dataset has been imported');
  });

  it('stops if files look like masks until a layout is chosen', async () => {
    await lay(join(folder, 'ash'), {
      'a.jpg': picture(1),
      'a.png': picture(2),
      'b.jpg': picture(3),
      'b.png': picture(4),
    });
    const stopped = await perch('datasets', 'import', join(folder, 'ash'));
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toMatch(
      /2 of 2 images have a file of the same name that looks like their mask .*"magnetic-tile"/,
    );
    expect((await perch('datasets', 'import', join(folder, 'ash'), '--layout', 'folder')).stdout).toMatch(
      /ash +4 +0/,
    );
  });
});
