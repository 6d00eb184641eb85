import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { AuditSubject } from '../../common/api/audit.ts';
import { contract } from '../../common/api/contract.ts';
import { stationDefaults } from '../../common/api/station.ts';
import { EngineClient } from '../../engine/client/engine-client.ts';
import { samplesFolder } from '../../files/samples.ts';
import { temporaryStore } from '../../test/store.ts';
import { shippedRules } from '../../common/grading/shipped-rules.ts';
import { defaultMethod } from '../methods/method-options.ts';
import { createServices } from '../create-services.ts';
import type { Services } from '../types.ts';

const FILES = ['test/good/000.png', 'test/hole/000.png', 'ground_truth/hole/000_mask.png'];
const { signal } = new AbortController();
const { store, dispose } = temporaryStore();
const engine = new EngineClient();
let services: Services;
let folder: string;
const at = (...path: string[]) => join(folder, ...path);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-audit-'));
  for (const file of FILES) await cp(join(samplesFolder, 'carpet', file), at('cloth/carpet', file));
  await cp(join(samplesFolder, 'carpet', FILES[0]), at('lone/roll.png'));
  for (const name of ['watched', 'moved']) await mkdir(at(name));
  vi.stubEnv('PERCH_HOME', store.home);
  services = createServices(store, engine);
});
afterAll(async () => {
  await services.close();
  await engine.close();
  await dispose();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function drain(events: AsyncIterable<unknown> | Promise<AsyncIterable<unknown>>): Promise<void> {
  for await (const _ of await events);
}
const dataset = () => store.datasets.getByName('fabrics').id;
const images = () => store.images.listByDataset(dataset()).map(({ id }) => id);
const normal = () =>
  store.images.listByDataset(dataset()).find(({ defectType }) => defectType === 'good')?.id as number;
const recipe = () => store.recipes.list()[0];
const method = () => store.methods.list()[0].id;
const author = 'Grace';
const ofClass = () => ({ dataset: dataset(), textureClass: 'carpet' });
const session = (index = 0) =>
  store.sessions
    .list()
    .map(({ id }) => id)
    .sort((a, b) => a - b)[index];
const newSession = () => ({
  dataset: dataset(),
  method: null,
  filter: '',
  images: images(),
  blind: false,
  heatmapHidden: false,
});
const roll = () => store.rolls.list()[0].image;
const station = () => store.stations.list()[0].id;
const output = () => store.outputs.list()[0].id;

/** Every procedure that changes what a person decides, in an order that works, with the subject of its entry. */
const audited: [procedure: string, subject: AuditSubject, call: () => unknown][] = [
  [
    'datasets.import',
    'dataset',
    () => drain(services.datasets.import({ paths: [at('cloth')], layout: 'mvtec' }, signal)),
  ],
  [
    'datasets.rename',
    'dataset',
    () =>
      services.datasets.rename({ dataset: store.datasets.getByName('cloth').id, name: 'fabrics' }, signal),
  ],
  [
    'datasets.setIgnoreBorder',
    'dataset',
    () => services.datasets.setIgnoreBorder({ dataset: dataset(), ignoreBorder: 3 }, signal),
  ],
  ['settings.change', 'setting', () => services.settings.change({ operator: 'Ada' }, signal)],
  [
    'settings.setQueuePassword',
    'setting',
    () => services.settings.setQueuePassword({ password: 'x' }, signal),
  ],
  [
    'recipes.create',
    'recipe',
    () =>
      services.recipes.create(
        { name: 'r', dataset: dataset(), classes: ['carpet'], author, reason: '' },
        signal,
      ),
  ],
  [
    'settings.setThreshold',
    'threshold',
    () => services.settings.setThreshold({ ...ofClass(), method: method(), score: 0.5 }, signal),
  ],
  [
    'regions.set',
    'region',
    () =>
      services.regions.set({ ...ofClass(), region: { include: [], exclude: [], border: 9 }, author }, signal),
  ],
  [
    'scales.set',
    'scale',
    () =>
      services.scales.set(
        { ...ofClass(), scale: { across: 0.5, along: 0.5 }, source: 'typed', author },
        signal,
      ),
  ],
  [
    'recipes.revise',
    'recipe',
    () =>
      services.recipes.revise(
        {
          recipe: recipe().id,
          base: recipe().latest.revision,
          author,
          reason: '',
          definition: { edgeMargin: 2 },
        },
        signal,
      ),
  ],
  [
    'recipes.rename',
    'recipe',
    () => services.recipes.rename({ recipe: recipe().id, name: 'renamed' }, signal),
  ],
  [
    'recipes.markGood',
    'calibration-mark',
    () => services.recipes.markGood({ image: normal(), good: true, author }, signal),
  ],
  [
    'recipes.calibrate',
    'recipe',
    () =>
      drain(
        services.recipes.calibrate(
          {
            recipe: recipe().id,
            ...ofClass(),
            rule: { type: 'false-rejects', rate: 0 },
            source: 'all',
            author,
            reason: '',
          },
          signal,
        ),
      ),
  ],
  ['recipes.lock', 'recipe', () => services.recipes.lock({ recipe: recipe().id, author }, signal)],
  [
    'recipes.unlock',
    'recipe',
    () => services.recipes.unlock({ recipe: recipe().id, author, reason: 'lamp' }, signal),
  ],
  ['recipes.assign', 'assignment', () => services.recipes.assign({ ...ofClass(), recipe: null }, signal)],
  [
    'recipes.import',
    'recipe',
    async () =>
      services.recipes.import(
        {
          content: (await services.recipes.export({ recipe: recipe().id }, signal)).content,
          fileName: 'r.json',
        },
        signal,
      ),
  ],
  ['recipes.remove', 'recipe', () => services.recipes.remove({ recipe: recipe().id }, signal)],
  [
    'annotation.mark',
    'ground-truth',
    () => services.annotation.mark({ image: normal(), author, groundTruth: 'unknown' }, signal),
  ],
  [
    'annotation.restore',
    'ground-truth',
    () => services.annotation.restore({ image: normal(), author, revision: 1 }, signal),
  ],
  [
    'annotation.import',
    'ground-truth',
    async () => {
      await drain(
        services.annotation.export({ dataset: dataset(), folder: at('masks'), format: 'mvtec' }, signal),
      );
      const masked = images().find((id) => id !== normal()) as number;
      await services.annotation.mark({ image: masked, author, groundTruth: 'unknown' }, signal);
      await drain(
        services.annotation.import(
          { dataset: dataset(), folder: at('masks'), format: 'mvtec', emptyIsNormal: false, author },
          signal,
        ),
      );
    },
  ],
  [
    'sessions.create',
    'session',
    () => services.sessions.create({ ...newSession(), operator: author }, signal),
  ],
  [
    'sessions.createGroup',
    'session',
    () => services.sessions.createGroup({ ...newSession(), operators: ['A', 'B'], overlap: 1 }, signal),
  ],
  [
    'sessions.setVerdict',
    'verdict',
    () =>
      services.sessions.setVerdict(
        { session: session(1), image: images()[0], verdict: 'accept', defectType: '', note: '' },
        signal,
      ),
  ],
  ['sessions.undo', 'verdict', () => services.sessions.undo({ session: session(1) }, signal)],
  [
    'sessions.adjudicate',
    'session',
    async () => {
      for (const [index, verdict] of (['accept', 'reject'] as const).entries())
        await services.sessions.setVerdict(
          { session: session(index + 1), image: normal(), verdict, defectType: '', note: '' },
          signal,
        );
      await services.sessions.adjudicate({ first: session(1), second: session(2), operator: 'Cy' }, signal);
    },
  ],
  [
    'sessions.adoptGold',
    'ground-truth',
    async () => {
      await services.annotation.mark({ image: normal(), author, groundTruth: 'unknown' }, signal);
      await services.sessions.setVerdict(
        { session: session(3), image: normal(), verdict: 'accept', defectType: '', note: '' },
        signal,
      );
      await services.sessions.adoptGold(
        { session: session(3), author, overwrite: false, preview: false },
        signal,
      );
    },
  ],
  ['sessions.finish', 'session', () => services.sessions.finish({ session: session(0) }, signal)],
  ['sessions.reopen', 'session', () => services.sessions.reopen({ session: session(0) }, signal)],
  ['sessions.remove', 'session', () => services.sessions.remove({ session: session(0) }, signal)],
  [
    'rolls.import',
    'roll',
    () => drain(services.rolls.import({ source: { path: at('lone/roll.png') } }, signal)),
  ],
  ['rolls.update', 'roll', () => services.rolls.update({ image: roll(), article: 'Twill' }, signal)],
  [
    'rolls.assess',
    'assessment',
    () =>
      services.rolls.assess(
        { image: roll(), defect: '3,4', kind: 'hole', reason: '', operator: author },
        signal,
      ),
  ],
  [
    'rolls.addRule',
    'setting',
    () =>
      services.rolls.addRule(
        { file: 'ours.json', json: JSON.stringify({ ...shippedRules[0], name: 'ours' }) },
        signal,
      ),
  ],
  ['rolls.removeRule', 'setting', () => services.rolls.removeRule({ name: 'ours' }, signal)],
  [
    'methods.savePreset',
    'preset',
    () => services.methods.savePreset({ name: 'mine', title: 'Mine', definition: defaultMethod }, signal),
  ],
  ['methods.removePreset', 'preset', () => services.methods.removePreset({ name: 'mine' }, signal)],
  ['rolls.remove', 'roll', () => services.rolls.remove({ image: roll() }, signal)],
  [
    'stations.create',
    'station',
    () =>
      services.stations.create(
        { name: 'line', folder: at('watched'), recipe: recipe().id, ...stationDefaults },
        signal,
      ),
  ],
  [
    'stations.change',
    'station',
    () => services.stations.change({ station: station(), alarmAfter: 7 }, signal),
  ],
  ['stations.start', 'station', () => services.stations.start({ station: station() }, signal)],
  [
    'stations.verdict',
    'verdict',
    async () => {
      const image = images()[0];
      store.database
        .prepare(
          `INSERT INTO pieces (station_id, sequence, file, bytes, mtime_ms, image_id, state, arrived_at)
      VALUES (?, 1, 'a.png', 1, 1, ?, 'decided', 't')`,
        )
        .run(station(), image);
      const [{ id: piece }] = store.pieces.list(station(), { limit: 1 });
      await services.stations.verdict(
        { piece, verdict: 'reject', defectType: '', note: '', operator: author },
        signal,
      );
    },
  ],
  [
    'stations.acknowledgeAlarm',
    'station',
    () => {
      store.stations.setAlarm(station(), { kind: 'consecutive', since: 't', text: 'Three rejects' });
      return services.stations.acknowledgeAlarm({ station: station() }, signal);
    },
  ],
  ['stations.stop', 'station', () => services.stations.stop({ station: station() }, signal)],
  [
    'outputs.add',
    'output',
    () => services.outputs.add({ station: station(), target: { type: 'file', folder: null } }, signal),
  ],
  ['outputs.change', 'output', () => services.outputs.change({ output: output(), enabled: false }, signal)],
  ['outputs.remove', 'output', () => services.outputs.remove({ output: output() }, signal)],
  ['stations.remove', 'station', () => services.stations.remove({ station: station() }, signal)],
  [
    'datasets.relocate',
    'dataset',
    async () => {
      await cp(at('cloth'), at('moved'), { recursive: true });
      return services.datasets.relocate({ dataset: dataset(), path: at('moved') }, signal);
    },
  ],
  ['datasets.remove', 'dataset', () => services.datasets.remove({ dataset: dataset() }, signal)],
];

/** Procedures that write, but nothing that a person decides, with the reason. */
const exceptions: Record<string, string> = {
  'methods.store': 'a definition, which changes no result',
  'datasets.discardUpload': 'files that no dataset refers to',
  'datasets.verify': 'marks files as missing or changed',
  'runs.start': 'results, which the definition of a method determines',
  'runs.pause': 'order and time of results',
  'runs.resume': 'order and time of results',
  'runs.cancel': 'order and time of results',
  'runs.retry': 'order and time of results',
  'runs.remove': 'the list of runs; results stay',
  'runs.prioritize': 'order and time of results',
  'rolls.inspect': 'results, which the definition of a method determines',
  'outputs.test': 'a test message',
  'outputs.retry': 'the time of the next attempt',
  'storage.collectGarbage': 'files that nothing refers to',
};

/** Procedures whose entries other specs test, because they need a model. */
const elsewhere = ['models.download', 'models.import', 'models.remove'];

/** Procedures that only read, or cache what they compute. */
const reading = new Set(
  `system.watch system.showImageMenu system.openDisplay system.noteDataset system.changes methods.options methods.presets methods.stored
  methods.used datasets.list datasets.preview datasets.images datasets.thumbnails datasets.path datasets.watch datasets.choose
  datasets.samples runs.watch runs.list runs.items runs.results runs.estimate evaluation.table evaluation.curves evaluation.histogram
  evaluation.bootstrap evaluation.disagreement evaluation.report evaluation.paper sessions.list sessions.get sessions.summary
  sessions.agreement sessions.export sessions.gold sessions.exportGold sessions.verdicts recipes.list recipes.get recipes.export
  recipes.scores recipes.validate recipes.decisions recipes.marks recipes.drift regions.list regions.propose rolls.list rolls.get
  rolls.defects rolls.assessments rolls.rules rolls.map rolls.certificate scales.list stations.list stations.watch stations.pieces
  stations.view stations.shifts stations.rolls stations.roll stations.chart annotation.revisions annotation.export settings.get settings.queue settings.checkQueue
  settings.thresholds models.list models.verify storage.identity storage.stats storage.diagnose storage.providers outputs.list
  audit.list audit.actors audit.export`.split(/\s+/),
);

it('knows of every procedure whether it leaves an entry', () => {
  const all = Object.entries(contract).flatMap(([group, procedures]) =>
    Object.keys(procedures).map((name) => `${group}.${name}`),
  );
  const known = [...audited.map(([name]) => name), ...elsewhere, ...Object.keys(exceptions), ...reading];
  expect(known.sort()).toEqual(all.sort());
});

it.each(audited)('%s leaves an entry about a %s', async (_, subject, call) => {
  const last = store.audit.list({}, undefined, 1).at(0)?.id ?? 0;
  await call();
  const added = store.audit.list({ subject: { type: subject } }).filter(({ id }) => id > last);
  expect(added.length).toBeGreaterThan(0);
});

it('keeps every entry in order after all of that', () => {
  const entries = [...store.audit.all({})];
  expect(entries.length).toBeGreaterThan(audited.length);
  expect(entries.map(({ id }) => id)).toEqual(entries.map((_entry, index) => index + 1));
  expect(store.datasets.list().map(({ name }) => name)).not.toContain('fabrics');
});
