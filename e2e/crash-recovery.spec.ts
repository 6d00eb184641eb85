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
/** Images enough that what is done with all of them can be interrupted. */
const MANY = 150;
const QUICK = { extractor: 'colors', statistic: 'moments', reference: 'global', patchSize: 3 } as const;

/** A mask of the left half. */
async function blotch(): Promise<Buffer> {
  const gray = Buffer.from(Array.from({ length: SIDE * SIDE }, (_, at) => (at % SIDE < SIDE / 2 ? 255 : 0)));
  return await sharp(gray, { raw: { width: SIDE, height: SIDE, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

/** What was answered is on disk, and a host that is killed at once afterwards has lost nothing. */
describe.skipIf(onDesktop)('a host that is killed', () => {
  let folder: string;
  let host: Host;
  let page: Connection;
  let dataset: number;
  let images: DatasetImage[];
  /** A folder of many images, and the dataset that is made of it. */
  let many: string;
  let large: number;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'perch-killed-'));
    const names = ['1', '2', '3'].map((name) => join(folder, `cloth/linen/test/hole/${name}.png`));
    await writeFiles(
      Object.fromEntries(await Promise.all(names.map(async (name, at) => [name, await weave(SIDE, at)]))),
    );
    many = join(folder, 'many');
    const [picture, mask] = [await weave(SIDE, 9), await blotch()];
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

  async function killAndComeBack(): Promise<void> {
    page.close();
    await host.restart('SIGKILL');
    page = await connect(host);
  }

  it('has the verdict, and undoes it after it came back', async () => {
    const ids = images.map(({ id }) => id);
    const { id } = await page.calls.sessions.create({ dataset, operator: 'Ada', method: null, images: ids });
    await page.calls.sessions.setVerdict({ session: id, image: ids[0], verdict: 'accept' });
    const said = await page.calls.sessions.setVerdict({
      session: id,
      image: ids[1],
      verdict: 'reject',
      defectType: 'hole',
    });
    await killAndComeBack();
    const { session, verdicts } = await page.calls.sessions.get({ session: id });
    expect(session).toEqual(said.session);
    expect(verdicts[1]).toEqual(said.imageVerdict);
    expect(await page.calls.sessions.undo({ session: id })).toMatchObject({
      image: ids[1],
      imageVerdict: null,
    });
  });

  it('has the drawn mask, to the pixel', async () => {
    const gray = Buffer.alloc(SIDE * SIDE);
    for (let at = 0; at < gray.length; at += 7) gray[at] = 255;
    const drawn = sharp(gray, { raw: { width: SIDE, height: SIDE, channels: 1 } }).toColourspace('b-w');
    const body = new Uint8Array(await drawn.png().toBuffer());
    const path = `/assets/masks/${images[2].id}?author=Ada&base=${images[2].revision}`;
    const saved = (await (await page.fetch(path, { method: 'POST', body })).json()) as Revision;
    await killAndComeBack();
    const image = (await page.calls.datasets.images({ dataset })).images[2];
    expect(image).toMatchObject({ groundTruth: 'masked', mask: saved.mask, annotated: true });
    const png = Buffer.from(await (await page.fetch(`/assets/masks/${image.mask}`)).arrayBuffer());
    expect(await sharp(png).toColourspace('b-w').raw().toBuffer()).toEqual(gray);
    expect((await page.fetch(path, { method: 'POST', body })).status).toBe(200);
    const other = await page.fetch(path.replace('Ada', 'Asa'), { method: 'POST', body });
    expect([other.status, ((await other.json()) as { code: string }).code]).toEqual([409, 'CONFLICT']);
  });

  /** Has a page follow what a host does until it is in the middle of it, kills the host there, and comes back. */
  async function killAmid(
    events: Promise<AsyncIterable<{ type: string; done?: number }>>,
    done: number,
  ): Promise<void> {
    for await (const event of await events) {
      if (event.type !== 'progress' || (event.done ?? 0) < done) continue;
      return await killAndComeBack();
    }
    throw new Error('It was over before it could be interrupted.');
  }

  it('has nothing of an import that was under way, and imports the folder again as if nothing had been', async () => {
    const before = await page.calls.datasets.list();
    await killAmid(page.calls.datasets.import({ paths: [many] }), 20);
    expect(await page.calls.datasets.list()).toEqual(before);
    let again: Dataset | undefined;
    for await (const event of await page.calls.datasets.import({ paths: [many] }))
      if (event.type === 'imported') again = event.dataset;
    expect(again?.classes).toMatchObject([{ images: MANY, masked: MANY }]);
    large = again?.id ?? 0;
  });

  it('has nothing of an export that was under way, and exports all of it afterwards', async () => {
    const target = join(folder, 'masks');
    await killAmid(page.calls.annotation.export({ dataset: large, folder: target }), 20);
    expect(existsSync(target)).toBe(false);
    for await (const _ of await page.calls.annotation.export({ dataset: large, folder: target }));
    expect(await readdir(join(target, 'linen/ground_truth/hole'))).toHaveLength(MANY);
  });

  it('has the same metrics after it was killed while it reckoned them', async () => {
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
      throw new Error('There are no metrics.');
    };
    for await (const event of await page.calls.evaluation.table(scope)) {
      if (event.type !== 'progress' || event.fraction < 0.2) continue;
      await killAndComeBack();
      break;
    }
    const reckoned = await metrics();
    expect(reckoned).toMatchObject({ images: MANY, missing: 0 });
    expect(await metrics()).toEqual(reckoned);
  });

  it('has the settings', async () => {
    await page.calls.settings.change({ operator: 'Ada' });
    await killAndComeBack();
    expect(await page.calls.settings.get()).toMatchObject({ operator: 'Ada', theme: 'dark' });
  });
});
