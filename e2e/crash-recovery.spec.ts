import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Revision } from '../src-main/common/api/annotation.ts';
import type { Dataset, DatasetImage } from '../src-main/common/api/datasets.ts';
import { connect, type Connection } from './harness/connection.ts';
import { onDesktop } from './harness/desktop.ts';
import { startHost, type Host } from './harness/host.ts';
import { writeFiles, weave } from './fixtures/textures.ts';

const SIDE = 64;
/** Enough images to interrupt operations on all of them. */
const MANY = 150;
const QUICK = { extractor: 'colors', statistic: 'moments', reference: 'global', patchSize: 3 } as const;

/** A mask of the left half. */
async function halfMask(): Promise<Buffer> {
  const gray = Buffer.from(Array.from({ length: SIDE * SIDE }, (_, at) => (at % SIDE < SIDE / 2 ? 255 : 0)));
  return await sharp(gray, { raw: { width: SIDE, height: SIDE, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

/** A confirmed change is on disk, even if the host is killed immediately afterwards. */
describe.skipIf(onDesktop)('a killed host', () => {
  let folder: string;
  let host: Host;
  let page: Connection;
  let dataset: number;
  let images: DatasetImage[];
  /** A folder of many images, and its dataset. */
  let many: string;
  let large: number;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'perch-killed-'));
    const names = ['1', '2', '3'].map((name) => join(folder, `cloth/linen/test/hole/${name}.png`));
    await writeFiles(
      Object.fromEntries(await Promise.all(names.map(async (name, at) => [name, await weave(SIDE, at)]))),
    );
    many = join(folder, 'many');
    const [picture, mask] = [await weave(SIDE, 9), await halfMask()];
    for (let at = 0; at < MANY; at++)
      await writeFiles({
        [join(many, `linen/test/hole/${at}.png`)]: picture,
        [join(many, `linen/ground_truth/hole/${at}_mask.png`)]: mask,
      });
    host = await startHost();
    page = await connect(host);
    let imported: Dataset | undefined;
    for await (const event of await page.calls.datasets.import({ paths: [join(folder, 'cloth')] }))
      if (event.type === 'imported') imported = event.dataset;
    dataset = imported?.id ?? 0;
    ({ images } = await page.calls.datasets.images({ dataset }));
  });
  afterAll(async () => {
    page?.close();
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function killAndReconnect(): Promise<void> {
    page.close();
    await host.restart('SIGKILL');
    page = await connect(host);
  }

  it('keeps a verdict and can undo it', async () => {
    const ids = images.map(({ id }) => id);
    const { id } = await page.calls.sessions.create({ dataset, operator: 'Ada', method: null, images: ids });
    await page.calls.sessions.setVerdict({ session: id, image: ids[0], verdict: 'accept' });
    const stored = await page.calls.sessions.setVerdict({
      session: id,
      image: ids[1],
      verdict: 'reject',
      defectType: 'hole',
    });
    await killAndReconnect();
    const { session, verdicts } = await page.calls.sessions.get({ session: id });
    expect(session).toEqual(stored.session);
    expect(verdicts[1]).toEqual(stored.imageVerdict);
    expect(await page.calls.sessions.undo({ session: id })).toMatchObject({
      image: ids[1],
      imageVerdict: null,
    });
  });

  it('keeps a mask exactly', async () => {
    const gray = Buffer.alloc(SIDE * SIDE);
    for (let at = 0; at < gray.length; at += 7) gray[at] = 255;
    const drawn = sharp(gray, { raw: { width: SIDE, height: SIDE, channels: 1 } }).toColourspace('b-w');
    const body = new Uint8Array(await drawn.png().toBuffer());
    const path = `/assets/masks/${images[2].id}?author=Ada&base=${images[2].revision}`;
    const saved = (await (await page.fetch(path, { method: 'POST', body })).json()) as Revision;
    await killAndReconnect();
    const image = (await page.calls.datasets.images({ dataset })).images[2];
    expect(image).toMatchObject({ groundTruth: 'masked', mask: saved.mask, annotated: true });
    const png = Buffer.from(await (await page.fetch(`/assets/masks/${image.mask}`)).arrayBuffer());
    expect(await sharp(png).toColourspace('b-w').raw().toBuffer()).toEqual(gray);
    expect((await page.fetch(path, { method: 'POST', body })).status).toBe(200);
    const other = await page.fetch(path.replace('Ada', 'Asa'), { method: 'POST', body });
    expect([other.status, ((await other.json()) as { code: string }).code]).toEqual([409, 'CONFLICT']);
  });

  /** Kills the host in the middle of an operation and reconnects. */
  async function killDuring(
    events: Promise<AsyncIterable<{ type: string; done?: number }>>,
    done: number,
  ): Promise<void> {
    for await (const event of await events) {
      if (event.type !== 'progress' || (event.done ?? 0) < done) continue;
      return await killAndReconnect();
    }
    throw new Error('The operation finished before it could be interrupted.');
  }

  it('keeps nothing of an interrupted import, and can import the folder again', async () => {
    const before = await page.calls.datasets.list();
    await killDuring(page.calls.datasets.import({ paths: [many] }), 20);
    expect(await page.calls.datasets.list()).toEqual(before);
    let again: Dataset | undefined;
    for await (const event of await page.calls.datasets.import({ paths: [many] }))
      if (event.type === 'imported') again = event.dataset;
    expect(again?.classes).toMatchObject([{ images: MANY, masked: MANY }]);
    large = again?.id ?? 0;
  });

  it('keeps nothing of an interrupted export, and can export again', async () => {
    const target = join(folder, 'masks');
    await killDuring(page.calls.annotation.export({ dataset: large, folder: target }), 20);
    expect(existsSync(target)).toBe(false);
    for await (const _ of await page.calls.annotation.export({ dataset: large, folder: target }));
    expect(await readdir(join(target, 'linen/ground_truth/hole'))).toHaveLength(MANY);
  });

  it('computes the same metrics after an interrupted evaluation', async () => {
    const method = await page.calls.methods.store({ definition: QUICK, label: 'quick' });
    const { id } = await page.calls.runs.start({ dataset: large, methods: [method.id] });
    for await (const event of await page.calls.runs.watch()) {
      const run = event.type === 'runs' ? event.runs.find((each) => each.id === id) : undefined;
      if (run?.state === 'done') break;
    }
    const scope = { dataset: large, methods: [method.id] };
    const metrics = async () => {
      for await (const event of await page.calls.evaluation.table(scope))
        if (event.type === 'cell') return event.cell.metrics;
      throw new Error('The evaluation returned no metrics.');
    };
    for await (const event of await page.calls.evaluation.table(scope)) {
      if (event.type !== 'progress' || event.fraction < 0.2) continue;
      await killAndReconnect();
      break;
    }
    const computed = await metrics();
    expect(computed).toMatchObject({ images: MANY, missing: 0 });
    expect(await metrics()).toEqual(computed);
  });

  it('keeps the settings', async () => {
    await page.calls.settings.change({ operator: 'Ada' });
    await killAndReconnect();
    expect(await page.calls.settings.get()).toMatchObject({ operator: 'Ada', theme: 'dark' });
  });
});
