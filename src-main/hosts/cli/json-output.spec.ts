import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stationDefaults } from '../../common/api/station.ts';
import { writeNpy } from '../../common/maps/npy.ts';
import { shippedRules } from '../../common/grading/shipped-rules.ts';
import { samplesFolder } from '../../files/samples.ts';
import { openMethods } from '../../services/methods/methods.ts';
import { Store } from '../../store/store.ts';
import { perch } from '../../test/perch.ts';
import { createProgram } from './program.ts';

const FILES = ['test/good/000.png', 'test/hole/000.png', 'ground_truth/hole/000_mask.png'];

let folder: string;
const at = (...path: string[]) => join(folder, ...path);

/** Arguments for every command with `--json`, and the number of records it prints. */
const cases: [command: string, args: () => string[], records: number | 'several'][] = [
  ['annotations export', () => ['cloth', at('exported')], 1],
  ['audit', () => [], 'several'],
  ['annotations import', () => ['cloth', at('masks'), '--author', 'Ada'], 1],
  ['datasets import', () => [at('cloth')], 1],
  ['datasets list', () => [], 1],
  ['datasets regions', () => ['cloth'], 1],
  ['datasets scales', () => ['cloth'], 1],
  ['datasets show', () => ['cloth'], 1],
  ['datasets verify', () => ['cloth'], 1],
  ['doctor', () => [], 1],
  ['evaluate', () => ['cloth'], 1],
  ['inspect', () => [at('cloth'), '--out', at('out')], 2],
  ['maps import', () => ['cloth', at('maps'), '--method', 'other'], 1],
  ['methods bench', () => ['cloth', '--method', 'default', '--resamples', '100', '--out', at('board')], 1],
  ['methods list', () => [], 'several'],
  ['metrics', () => ['--maps', at('maps'), '--masks', at('masks')], 1],
  ['models list', () => [], 'several'],
  ['outputs add', () => ['line', '--json-lines'], 1],
  ['outputs list', () => [], 1],
  ['outputs set', () => ['1', '--disable'], 1],
  ['outputs test', () => ['1'], 1],
  ['recipes create', () => ['carpet', '--class', 'carpet', '--dataset', 'cloth'], 1],
  ['recipes mark-good', () => ['cloth', at('cloth/carpet', FILES[0])], 1],
  ['recipes calibrate', () => ['carpet', '--false-rejects', '0'], 1],
  ['recipes validate', () => ['carpet', '--splits', '3', '--good-images', '1'], 1],
  ['recipes drift', () => ['cloth'], 1],
  ['recipes export', () => ['carpet', at('carpet.json')], 1],
  ['recipes import', () => [at('carpet.json')], 1],
  ['recipes list', () => [], 'several'],
  ['recipes show', () => ['carpet'], 1],
  ['recipes lock', () => ['carpet'], 1],
  ['recipes unlock', () => ['carpet'], 1],
  ['recipes assign', () => ['carpet', '--class', 'carpet', '--dataset', 'cloth'], 1],
  ['reviews adjudicate', () => ['1', '2', '--operator', 'Cy'], 1],
  ['reviews adopt', () => ['3', '--author', 'Cy'], 1],
  ['reviews compare', () => ['1', '2'], 1],
  ['reviews create', () => ['cloth', '--operator', 'Ada', '--operator', 'Bo'], 2],
  ['reviews gold', () => ['3'], 1],
  ['reviews list', () => [], 'several'],
  ['reviews summary', () => ['1'], 1],
  ['roll import', () => [at('cloth/carpet', FILES[0]), '--mm-per-pixel', '0.1', '--lot', 'L-1'], 1],
  ['roll inspect', () => ['L-1'], 1],
  ['roll list', () => [], 1],
  ['roll set', () => ['L-1', '--article', 'carpet'], 1],
  ['roll grade', () => ['L-1', '--threshold', '1000'], 1],
  ['roll map', () => ['L-1', '--out', at('roll.svg')], 1],
  ['roll certificate', () => ['L-1', '--out', at('roll.html')], 1],
  ['roll assess', () => ['L-1', '3,4', '--kind', 'hole'], 1],
  ['roll rules', () => [], 'several'],
  ['roll add-rule', () => [at('ours.json')], 1],
  ['roll remove-rule', () => ['ours'], 1],
  ['runs list', () => [], 'several'],
  ['runs resume', () => [String(pausedRun)], 1],
  ['runs retry', () => [String(canceledRun)], 1],
  ['runs show', () => [String(canceledRun)], 1],
  ['runs start', () => ['cloth', '--method', 'default'], 1],
  ['store gc', () => [], 1],
  ['store info', () => [], 1],
];

/** `bench` takes minutes, and `watch` ends with Ctrl-C, as its own test does. Both print through the same helper. */
const omitted = ['bench', 'watch'];

let pausedRun: number;
let canceledRun: number;

/** Prepares a dataset with two images, two reviews of it, runs in two states, and maps and masks in files. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-json-'));
  vi.stubEnv('PERCH_HOME', at('data'));
  for (const path of FILES) await cp(join(samplesFolder, 'carpet', path), at('cloth/carpet', path));
  expect(await perch('datasets', 'import', at('cloth'))).toMatchObject({ code: 0 });
  expect(await perch('annotations', 'export', 'cloth', at('masks'))).toMatchObject({ code: 0 });
  await writeFile(at('ours.json'), JSON.stringify({ ...shippedRules[0], name: 'ours' }));
  const map = writeNpy({ shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) });
  for (const defect of ['good', 'hole']) {
    await mkdir(at('maps/carpet/test', defect), { recursive: true });
    await writeFile(at('maps/carpet/test', defect, '000.npy'), map);
  }
  expect(await perch('datasets', 'set-region', 'cloth', 'carpet', '--border', '4')).toMatchObject({
    code: 0,
  });
  expect(
    await perch('recipes', 'create', 'watched', '--class', 'carpet', '--dataset', 'cloth'),
  ).toMatchObject({ code: 0 });
  const store = new Store();
  const dataset = store.datasets.getByName('cloth').id;
  store.stations.add({
    name: 'line',
    folder,
    dataset,
    textureClass: 'carpet',
    recipe: store.recipes.list()[0].id,
    ...stationDefaults,
    polling: false,
  });
  const images = store.images.listByDataset(dataset).map(({ id }) => id);
  const session = { dataset, name: '', method: null, filter: '', images };
  const [first, second] = (['accept', 'reject'] as const).map((verdict) => {
    const { id } = store.sessions.add({ ...session, operator: verdict });
    store.verdicts.add(id, { image: images[0], verdict, defectType: '', note: '' });
    return id;
  });
  store.sessions.add({ ...session, operator: 'Cy', adjudicates: { first, second } });
  const definition = { extractor: 'colors', statistic: 'moments', reference: 'global', patchSize: 3 };
  const { id: method } = await openMethods(store).store({ definition }, new AbortController().signal);
  const items = images.map((image) => ({ image, method, done: false }));
  const addRun = () => store.runs.add({ dataset, classes: null, provider: 'cpu' }, items, 'spec');
  store.runs.pause((pausedRun = addRun()));
  store.runs.cancel((canceledRun = addRun()));
  store.close();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe('--json', () => {
  it('is tested for every command that has it', async () => {
    const withJson: string[] = [];
    const collect = (command: Command, path: string[]) => {
      if (command.options.some(({ long }) => long === '--json')) withJson.push(path.join(' '));
      for (const subcommand of command.commands) collect(subcommand, [...path, subcommand.name()]);
    };
    collect(await createProgram(), []);
    expect([...cases.map(([command]) => command), ...omitted].sort()).toEqual(withJson.sort());
  });

  it.each(cases)('of perch %s prints one JSON object per line', async (command, args, records) => {
    const { code, stdout, stderr } = await perch(...command.split(' '), ...args(), '--json');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/\n$/);
    const lines = stdout.slice(0, -1).split('\n');
    if (records === 'several') expect(lines.length).toBeGreaterThan(1);
    else expect(lines).toHaveLength(records);
    for (const line of lines) {
      const record = JSON.parse(line) as unknown;
      expect(typeof record === 'object' && record !== null && !Array.isArray(record), line).toBe(true);
    }
  });
});
