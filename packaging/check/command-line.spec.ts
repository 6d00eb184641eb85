import { execFile, fork } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import type { Packed } from './packed.ts';

const packed = inject('packed') as Packed;

describe.skipIf(packed === undefined)('the command line of the package', () => {
  let home: string;
  const samples = () => join(packed.resources, 'app.asar.unpacked/assets/samples');
  /** Runs `perch` as an installed package does: through a link from a folder of commands. */
  const perch = async (...args: string[]) => {
    const env = { PATH: '/usr/bin:/bin', HOME: home, PERCH_HOME: join(home, 'perch') };
    const { stdout } = await promisify(execFile)(join(home, 'perch-link'), args, {
      cwd: home,
      env,
    });
    return stdout;
  };

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'perch-cli-'));
    await symlink(join(packed.resources, 'bin/perch'), join(home, 'perch-link'));
  });

  afterAll(() => rm(home, { recursive: true, force: true }));

  it('prints its version', async () => {
    expect(await perch('--version')).toBe(`${packageJson.version}\n`);
  });

  it('inspects, extracts and scores', async () => {
    const image = join(samples(), 'carpet/test/hole/000.png');
    const [line] = (await perch('inspect', image, '--json')).split('\n');
    expect(JSON.parse(line)).toMatchObject({ path: image });
    await perch('extract', image, '--extractor', 'gabor', '--out', 'features.npy');
    await perch('score', 'features.npy', '--statistic', 'fca', '--patch-size', '9', '--out', 'map.npy');
    expect(await readdir(home)).toEqual(expect.arrayContaining(['features.npy', 'map.npy', 'perch-results']));
  });

  it('imports, runs, exports and evaluates a dataset', async () => {
    const carpet = join(home, 'cloth/carpet');
    for (const [folder, name] of [
      ['test/hole', '000.png'],
      ['test/good', '000.png'],
      ['ground_truth/hole', '000_mask.png'],
    ]) {
      await mkdir(join(carpet, folder), { recursive: true });
      await copyFile(join(samples(), 'carpet', folder, name), join(carpet, folder, name));
    }
    await perch('datasets', 'import', 'cloth');
    expect(await perch('datasets', 'list')).toMatch(/cloth/);
    expect(await perch('runs', 'start', 'cloth', '--method', 'default')).toMatch(/done/);
    expect(await perch('evaluate', 'cloth', '--method', 'default')).toMatch(/carpet/);
    await perch('annotations', 'export', 'cloth', 'masks');
    expect(await readdir(join(home, 'masks/carpet/ground_truth/hole'))).toEqual(['000_mask.png']);
    await perch('reviews', 'list');
    expect(await perch('store', 'info')).toContain(join(home, 'perch'));
    expect(await perch('methods', 'list')).toMatch(/gabor/);
    const graph = join(packed.resources, 'app.asar.unpacked/models/laws.onnx');
    const scale = ['--mean', '0,0,0', '--std', '1,1,1'];
    await perch('models', 'import', 'mine', '--from', graph, '--layer', 'features', ...scale);
    expect(await perch('models', 'list')).toMatch(/mine/);
  });

  it('loads every command in its help', async () => {
    const help = await perch('--help');
    const commands = [...help.matchAll(/^ {2}([a-z]+) {2,}.*$/gm)].map(([, name]) => name);
    expect(commands.length).toBeGreaterThan(15);
    for (const command of commands.filter((name) => name !== 'help'))
      expect(await perch(command, '--help')).toContain(`Usage: perch ${command}`);
  });

  it('passes its own diagnosis', async () => {
    const { diagnostics } = JSON.parse(await perch('doctor', '--json')) as {
      diagnostics: { topic: string; found: string; problem?: string; optional?: boolean }[];
    };
    expect(diagnostics.filter(({ problem, optional }) => problem !== undefined && !optional)).toEqual([]);
    expect(diagnostics.find(({ topic }) => topic === 'core')?.found).toMatch(/code paths .*portable, wasm/);
    expect(diagnostics.find(({ topic }) => topic === 'node')?.found).toBe(process.versions.node);
  });

  it('runs the benchmark worker', async () => {
    const worker = join(packed.resources, 'app.asar.unpacked/dist/cli/bench-worker.mjs');
    const child = fork(worker, ['gabor'], { execPath: join(packed.resources, 'node/node'), execArgv: [] });
    const measured = await new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', (code) => reject(new Error(`exit code ${code}`)));
    });
    expect(measured).toMatchObject({ name: 'extractor gabor' });
  });
});
