import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RollImportEvent } from '../../common/api/rolls.ts';
import {
  datasets,
  engine,
  imported as importedDataset,
  never,
  root,
  setUpImports,
  temporary,
} from '../datasets/test/importing.ts';
import { lay, picture } from '../datasets/test/pictures.ts';
import { openSettings } from '../settings/settings.ts';
import type { Services } from '../types.ts';
import { openRolls } from './rolls.ts';

setUpImports();
let rolls: Services['rolls'];
beforeEach(() => {
  rolls = openRolls({
    store: temporary.store,
    engine,
    runs: {} as Services['runs'],
    settings: openSettings(temporary.store),
  });
});

const failure = (code: string, message = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error;
type Input = Parameters<Services['rolls']['import']>[0];

async function imported(source: Input) {
  let outcome: Extract<RollImportEvent, { type: 'imported' }> | undefined;
  for await (const event of await rolls.import(source, never)) if (event.type === 'imported') outcome = event;
  if (!outcome) throw new Error('The import ended without a result.');
  return outcome;
}

describe('a file', () => {
  beforeEach(() => lay(root, { 'mill/a.png': picture(1, 40, 200), 'mill/b.png': picture(2, 300, 32) }));

  it('becomes a roll of the dataset of its folder, along its longer side', async () => {
    const { roll, problems } = await imported({ source: { path: join(root, 'mill/a.png') }, lot: 'L-7' });
    expect(roll).toMatchObject({
      name: 'a.png',
      textureClass: 'mill',
      article: '',
      lot: 'L-7',
      direction: 'down',
      scale: null,
      widthPixels: 40,
      lengthPixels: 200,
      frames: 1,
    });
    expect(problems).toEqual([]);
    const { roll: second } = await imported({
      source: { path: join(root, 'mill/b.png') },
      textureClass: 'twill',
      scale: { across: 0.1, along: 0.2 },
    });
    expect(second).toMatchObject({
      direction: 'right',
      widthPixels: 32,
      lengthPixels: 300,
      dataset: roll.dataset,
    });
    expect(temporary.store.datasets.get(roll.dataset)).toMatchObject({ name: 'mill', layout: 'folder' });
    expect(
      (await rolls.list({}, never)).rolls.map(({ name, textureClass }) => `${textureClass}/${name}`),
    ).toEqual(['mill/a.png', 'twill/b.png']);
  });

  it('that is already a roll keeps what the import leaves out', async () => {
    const path = join(root, 'mill/a.png');
    const first = await imported({
      source: { path },
      textureClass: 'twill',
      article: 'T',
      scale: { across: 1, along: 1 },
    });
    const { roll } = await imported({ source: { path }, lot: 'L-8' });
    expect(roll).toEqual({ ...first.roll, lot: 'L-8' });
    await lay(root, { 'mill/a.png': picture(5, 40, 220) });
    expect((await imported({ source: { path } })).roll).toEqual({ ...roll, lengthPixels: 220 });
  });

  it('of another dataset becomes a roll there', async () => {
    const { dataset } = await importedDataset([root]);
    const { roll, problems } = await imported({
      source: { path: join(root, 'mill/a.png') },
      textureClass: 'twill',
    });
    expect(roll).toMatchObject({ dataset: dataset.id, textureClass: 'mill', name: 'a.png' });
    expect(problems).toMatchObject([
      { kind: 'note', message: expect.stringContaining('keeps its class "mill"') as string },
    ]);
    expect(temporary.store.datasets.list()).toHaveLength(1);
  });

  it('by its image becomes a roll where it is', async () => {
    const { dataset } = await importedDataset([root]);
    const [image] = temporary.store.images.listByDataset(dataset.id);
    expect((await imported({ source: { image: image.id }, direction: 'right' })).roll).toMatchObject({
      image: image.id,
      direction: 'right',
      lengthPixels: 40,
    });
    await expect(imported({ source: { image: 999 } })).rejects.toThrow(failure('NOT_FOUND'));
  });

  it('that cannot be read, is missing, or has pages is refused, and nothing is stored', async () => {
    await lay(root, { 'mill/text.png': Buffer.from('no image'), 'mill/pages.tif': pages() });
    for (const [name, code, message] of [
      ['text.png', 'NO_IMAGES', 'text.png'],
      ['none.png', 'NOT_FOUND', 'none.png'],
      ['pages.tif', 'INVALID_ARGUMENT', '2 pages'],
    ])
      await expect(imported({ source: { path: join(root, 'mill', name) } })).rejects.toThrow(
        failure(code, message),
      );
    expect(temporary.store.datasets.list()).toEqual([]);
    await imported({ source: { path: join(root, 'mill/a.png') } });
    await expect(imported({ source: { path: join(root, 'mill/text.png') } })).rejects.toThrow(
      failure('NOT_READABLE', 'text.png'),
    );
  });

  it('that is gone is reported by the verification of its dataset', async () => {
    const { roll } = await imported({ source: { path: join(root, 'mill/a.png') } });
    await rm(join(root, 'mill/a.png'));
    for await (const event of await datasets.verify({ dataset: roll.dataset }, never))
      if (event.type === 'verified') expect(event.problems).toMatchObject([{ kind: 'missing' }]);
  });
});

describe('a folder of frames', () => {
  beforeEach(() =>
    lay(root, { 'mill/17/2.png': picture(2), 'mill/17/10.png': picture(3), 'mill/17/1.png': picture(1) }),
  );
  const source = () => ({ path: join(root, 'mill/17') });
  const framesOf = async (image: number) =>
    (await rolls.get({ image }, never)).frames.map(({ name, offset }) => `${name} ${offset}`);

  it('is one roll, with its frames in natural order', async () => {
    const { roll } = await imported({ source: source() });
    expect(roll).toMatchObject({
      name: '17',
      textureClass: 'mill',
      direction: 'down',
      frames: 3,
      widthPixels: 40,
      lengthPixels: 96,
    });
    expect(await framesOf(roll.image)).toEqual(['1.png 0', '2.png 32', '10.png 64']);
  });

  it('may be stacked to the right, which only a new import changes', async () => {
    const { roll } = await imported({ source: source(), direction: 'right' });
    expect(roll).toMatchObject({ direction: 'right', widthPixels: 32, lengthPixels: 120 });
    await expect(async () => rolls.update({ image: roll.image, direction: 'down' }, never)).rejects.toThrow(
      failure('INVALID_ARGUMENT', 'stacked'),
    );
    expect((await imported({ source: source(), lot: 'L' })).roll).toEqual({ ...roll, lot: 'L' });
    expect((await imported({ source: source(), direction: 'down' })).roll).toMatchObject({
      image: roll.image,
      direction: 'down',
      widthPixels: 40,
      lengthPixels: 96,
      lot: 'L',
    });
    expect(await framesOf(roll.image)).toEqual(['1.png 0', '2.png 32', '10.png 64']);
  });

  it('gets new frames when it is imported again, and a dataset does not import them as images', async () => {
    const { roll } = await imported({ source: source() });
    await lay(root, { 'mill/17/11.png': picture(4), 'mill/single.png': picture(5) });
    const { dataset } = await importedDataset([join(root, 'mill')]);
    expect(dataset.id).toBe(roll.dataset);
    expect(temporary.store.images.listByDataset(dataset.id).map(({ name }) => name)).toEqual([
      'single.png',
      '17',
    ]);
    expect(await framesOf(roll.image)).toEqual(['1.png 0', '2.png 32', '10.png 64', '11.png 96']);
  });

  it('stays stacked to the right when its frames change', async () => {
    const { roll } = await imported({ source: source(), direction: 'right' });
    await lay(root, { 'mill/17/11.png': picture(4) });
    await importedDataset([join(root, 'mill')]);
    expect((await rolls.get({ image: roll.image }, never)).roll).toMatchObject({
      direction: 'right',
      widthPixels: 32,
      lengthPixels: 160,
    });
    await rm(join(root, 'mill/17/11.png'));
    expect((await imported({ source: source() })).roll).toMatchObject({ widthPixels: 32, lengthPixels: 120 });
  });

  it('is known by its content when its folder has another name', async () => {
    const { roll } = await imported({ source: source(), direction: 'right', lot: 'L' });
    await rename(join(root, 'mill/17'), join(root, 'mill/18'));
    const { dataset, problems } = await importedDataset([join(root, 'mill')]);
    expect(problems.filter(({ kind }) => kind !== 'note')).toEqual([]);
    expect(temporary.store.images.listByDataset(dataset.id)).toMatchObject([
      { id: roll.image, name: '18', path: join(root, 'mill/18'), state: 'present' },
    ]);
    expect((await rolls.get({ image: roll.image }, never)).roll).toMatchObject({
      lot: 'L',
      direction: 'right',
    });
  });

  it('whose mask no longer fits says so', async () => {
    const { roll } = await imported({ source: source() });
    const { revisions } = temporary.store;
    await temporary.store.blobs.put(new Uint8Array([1])).then((mask) =>
      revisions.add({
        image: roll.image,
        groundTruth: 'masked',
        mask,
        pixels: 1,
        author: 'Ada',
        source: 'drawn',
      }),
    );
    await rm(join(root, 'mill/17/10.png'));
    const { problems } = await imported({ source: source() });
    expect(problems).toMatchObject([
      { kind: 'note', message: expect.stringContaining('now has 40 x 64 pixels, not 40 x 96') as string },
    ]);
    expect(revisions.latest(roll.image)).toMatchObject({ groundTruth: 'unknown', revision: 2 });
  });

  it('has its masks of frames imported as annotations, which the import of its dataset says', async () => {
    await imported({ source: source() });
    await lay(root, { 'mill/17/1_mask.png': picture(9) });
    const { problems } = await importedDataset([join(root, 'mill')]);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('The import reads no masks of frames, one mask here.'),
    ]);
  });

  it('is verified frame by frame', async () => {
    const { roll } = await imported({ source: source() });
    const verified = async () => {
      for await (const event of await datasets.verify({ dataset: roll.dataset }, never))
        if (event.type === 'verified') return event.problems.map(({ kind }) => kind);
      return undefined;
    };
    expect(await verified()).toEqual([]);
    await lay(root, { 'mill/17/2.png': picture(9) });
    expect(await verified()).toEqual(['changed']);
    await rm(join(root, 'mill/17'), { recursive: true });
    expect(await verified()).toEqual(['missing']);
  });

  it('of different widths is refused', async () => {
    await lay(root, { 'mill/17/3.png': picture(4, 44) });
    await expect(imported({ source: source() })).rejects.toThrow(failure('NO_IMAGES', '3.png'));
  });
});

/** A TIFF file of two pages. */
async function pages(): Promise<Buffer> {
  const page = Buffer.alloc(40 * 64, 90);
  return sharp(page, { raw: { width: 40, height: 64, channels: 1, pageHeight: 32 } })
    .tiff()
    .toBuffer();
}
