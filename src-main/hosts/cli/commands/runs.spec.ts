import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Run, RunItem } from '../../../common/api/runs.ts';
import { addCloth, noisyPng } from '../../../services/runs/test/cloth.ts';
import type { Store } from '../../../store/store.ts';
import { perch } from '../../../test/perch.ts';
import { temporaryStore } from '../../../test/store.ts';

const entry = fileURLToPath(new URL('../start.js', import.meta.url));
const IMAGES = 120;
let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
let paths: string[];
/** Preset file of a method that takes milliseconds. */
let method: string;

beforeAll(async () => {
  temporary = temporaryStore();
  store = temporary.store;
  ({ paths } = await addCloth(store, join(temporary.home, 'cloth'), { images: IMAGES }));
  method = join(temporary.home, 'quick.json');
  await writeFile(
    method,
    JSON.stringify({
      method: { extractor: 'colors', statistic: 'moments', reference: 'global', patchSize: 3 },
    }),
  );
  vi.stubEnv('PERCH_HOME', temporary.home);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await temporary.dispose();
});

/** Starts a run and interrupts it after its first result. */
async function interrupted(): Promise<{ code: number; stderr: string }> {
  const child = spawn(process.execPath, [entry, 'runs', 'start', 'cloth', '--method', method], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const exited = once(child, 'exit');
  const done = () => store.database.prepare<[], number>('SELECT count(*) FROM results').pluck().get() ?? 0;
  while (done() === 0 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 2));
  child.kill('SIGINT');
  const [code] = (await exited) as [number];
  return { code, stderr };
}

describe('perch runs', () => {
  it('pauses at Ctrl-C, resumes, and shows the failures', async () => {
    expect((await perch('runs', 'list')).stdout).toMatch(/no runs\. Start one with `perch runs start/);
    await writeFile(paths[IMAGES - 1], 'no image');
    expect(await interrupted()).toEqual({
      code: 130,
      stderr: expect.stringMatching(/Paused\. Resume it with `perch runs resume 1`/),
    });
    expect((await perch('runs', 'show', '1')).stdout).toMatch(/^run 1 {2}paused {2}\d+ of 120 done\n/);

    const resumed = await perch('runs', 'resume', '1');
    expect(resumed.code).toBe(1);
    expect(resumed.stdout).toBe('run 1  done  119 of 120 done, 1 failed\n');
    expect(resumed.stderr).toMatch(/119\.png: .*119\.png/);

    const shown = await perch('runs', 'show', '1');
    expect(shown.stdout).toMatch(/^dataset {2}cloth: all classes$/m);
    expect(shown.stdout).toMatch(/^method {3}quick$/m);
    expect(shown.stdout).toMatch(/^failed {3}linen 119\.png: .*119\.png/m);
    const json = JSON.parse((await perch('runs', 'show', '1', '--json')).stdout) as Run & {
      failed: RunItem[];
    };
    expect(json).toMatchObject({ id: 1, counts: { done: 119, failed: 1 }, failed: [{ state: 'failed' }] });
  });

  it('retries failed items', async () => {
    await writeFile(paths[IMAGES - 1], await noisyPng(IMAGES - 1, 24));
    expect(await perch('runs', 'retry', '1')).toMatchObject({
      code: 0,
      stdout: 'run 1  done  120 of 120 done\n',
    });
    const listed = await perch('runs', 'list', '--json');
    expect(JSON.parse(listed.stdout)).toMatchObject({ id: 1, state: 'done', counts: { done: 120 } });
  });

  it('cancels a run', async () => {
    store.database.exec('DELETE FROM results');
    expect((await interrupted()).code).toBe(130);
    expect((await perch('runs', 'cancel', '2')).stdout).toMatch(
      /^run 2 {2}canceled {2}\d+ of 120 done, \d+ canceled\n$/,
    );
    expect(await perch('runs', 'resume', '2')).toMatchObject({ code: 1 });
    expect((await perch('runs', 'retry', '2')).stdout).toBe('run 2  done  120 of 120 done\n');
  });

  it('fails for a run, dataset or method that does not exist', async () => {
    for (const verb of ['resume', 'retry', 'show', 'cancel']) {
      const { code, stderr } = await perch('runs', verb, '99');
      expect(code).toBe(1);
      expect(stderr).toMatch(/Run 99 does not exist/);
    }
    expect((await perch('runs', 'start', 'silk', '--method', method)).stderr).toMatch(/silk/);
  });
});

describe('perch runs start --recipe', () => {
  it('runs the method of a recipe over its classes and counts its decisions', async () => {
    const { dataset } = await addCloth(store, join(temporary.home, 'recipe'), { images: 3, train: 2 });
    const { name } = store.datasets.get(dataset);
    const create = ['recipes', 'create', 'Line', '--class', 'linen', '--dataset', name, '--method', method];
    expect(await perch(...create)).toMatchObject({ code: 0 });
    const start = () => perch('runs', 'start', name, '--recipe', 'Line');
    expect((await start()).stdout).toMatch(
      /3 of 3 done\nrecipe Line, revision 1: 0 pass, 0 to review, 0 rejected, 3 not decided\n$/,
    );
    await perch('recipes', 'calibrate', 'Line', '--good', 'train', '--false-rejects', '0');
    expect((await start()).stdout).toMatch(/revision 2: \d pass, 0 to review, \d rejected\n$/);
    const report = JSON.parse((await perch('evaluate', name, '--method', method, '--json')).stdout) as {
      decisions: { recipe: string; rows: { label: string; total: number }[] }[];
    };
    expect(report.decisions).toMatchObject([
      { recipe: 'Line', rows: [{}, {}, { label: 'unknown', total: 3 }] },
    ]);
    const other = await perch('runs', 'start', 'cloth', '--recipe', 'Line');
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('decides no class of cloth') });
    store.datasets.remove(dataset);
  });
});
