import { copyFile, mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ImportEvent } from '../../common/api/datasets.ts';
import { EngineClient } from '../../engine/client/engine-client.ts';
import { fixture } from '../../engine/readers/test/fixtures.ts';
import { externalPath, missingExternal } from '../../test/external-images.ts';
import {
  carpet,
  checked,
  engine,
  imagesOf,
  imported,
  kindsOf,
  root,
  setUpImports,
  temporary,
  workWith,
} from './test/importing.ts';
import { openImageAssets } from './image-assets.ts';
import { lay, maskPicture, picture, stripPicture, withSize } from './test/pictures.ts';

setUpImports();

async function anomalous(mask: string | null): Promise<number> {
  const png = sharp(await temporary.store.blobs.read(mask ?? ''));
  expect((await png.metadata()).channels).toBe(1);
  const values = await png.extractChannel(0).raw().toBuffer();
  expect(values.every((value) => value === 0 || value === 255)).toBe(true);
  return values.filter((value) => value === 255).length;
}

describe('the layout of MVTec AD', () => {
  it('is detected: train and good images are normal, masks are copied, the rest is unknown', async () => {
    await lay(root, carpet);
    const { dataset, problems } = await imported();
    expect(dataset).toMatchObject({
      layout: 'mvtec',
      root,
      ignoreBorder: 2,
      classes: [
        { textureClass: 'carpet', images: 4, train: 1, masked: 1, unmasked: 1, normal: 1, unknown: 0 },
      ],
    });
    expect(problems).toEqual([]);
    const [train, good, hole, other] = imagesOf(dataset);
    expect(train).toMatchObject({ name: 'train/good/000.png', split: 'train', groundTruth: 'normal' });
    expect(good).toMatchObject({ name: 'test/good/000.png', defectType: 'good', groundTruth: 'normal' });
    expect(hole).toMatchObject({
      defectType: 'hole',
      width: 40,
      height: 32,
      groundTruth: 'masked',
      revision: 1,
    });
    expect(other).toMatchObject({ groundTruth: 'unknown', revision: 0, mask: null });
    expect(await anomalous(hole.mask)).toBe(25);
    expect(temporary.store.revisions.listByImage(hole.id)).toMatchObject([
      { source: 'imported', author: '', pixels: 25 },
    ]);
  });

  it('can be a single class folder, or inside the folder of an archive', async () => {
    await lay(join(root, 'archive'), carpet);
    expect((await imported([join(root, 'archive/carpet')])).dataset).toMatchObject({
      name: 'carpet',
      layout: 'mvtec',
    });
    expect((await imported()).dataset).toMatchObject({
      name: basename(root),
      layout: 'mvtec',
      root: join(root, 'archive'),
    });
  });

  it('reports masks that are empty, unreadable, without an image or of another size, and imports the images', async () => {
    await lay(root, {
      ...carpet,
      'carpet/ground_truth/hole/000_mask.png': maskPicture(5, 10, 10),
      'carpet/ground_truth/hole/001_mask.png': Buffer.from('no mask'),
      'carpet/ground_truth/hole/007_mask.png': maskPicture(5),
      'carpet/test/hole/002.png': picture(9),
      'carpet/ground_truth/hole/002_mask.png': maskPicture(0),
    });
    const { dataset, problems } = await imported();
    expect(kindsOf(problems)).toEqual([
      'mask-empty 002_mask.png',
      'mask-size 000_mask.png',
      'mask-unreadable 001_mask.png',
      'mask-without-image 007_mask.png',
    ]);
    expect(dataset.classes[0]).toMatchObject({ masked: 0, unmasked: 3, normal: 1, unknown: 0 });
  });

  it('accepts a mask in color, with transparency or with 16 bits per channel', async () => {
    const red = sharp({ create: { width: 40, height: 32, channels: 3, background: '#f00' } });
    const deep = sharp(new Uint16Array(40 * 32).fill(65535), { raw: { width: 40, height: 32, channels: 1 } });
    await lay(root, {
      ...carpet,
      'carpet/ground_truth/hole/000_mask.png': red.png().toBuffer(),
      'carpet/ground_truth/hole/001_mask.png': deep.toColourspace('grey16').png().toBuffer(),
    });
    const [, , hole, other] = imagesOf((await imported()).dataset);
    expect([await anomalous(hole.mask), await anomalous(other.mask)]).toEqual([40 * 32, 40 * 32]);
  });
});

describe('layouts similar to it', () => {
  it('are identified by their class names', async () => {
    const [wft, dtd] = [join(root, 'a'), join(root, 'b')];
    const under = (name: string) =>
      Object.fromEntries(
        Object.entries(carpet).map(([path, bytes]) => [path.replace('carpet', name), bytes]),
      );
    await lay(wft, { ...under('texture_1'), ...under('texture_2') });
    await lay(dtd, { ...under('Woven_001'), ...under('Blotchy_099') });
    expect((await imported([wft])).dataset.layout).toBe('wft');
    expect((await imported([dtd])).dataset).toMatchObject({
      layout: 'dtd-synthetic',
      classes: [{ masked: 1 }, { masked: 1 }],
    });
  });

  it('can be chosen explicitly, and are refused if the folder does not match', async () => {
    await lay(root, carpet);
    await expect(imported([root], { layout: 'aitex' })).rejects.toMatchObject({ code: 'UNKNOWN_LAYOUT' });
    expect((await imported([root], { layout: 'wft' })).dataset.layout).toBe('wft');
    await expect(imported([root], { layout: 'folder' })).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('the layout of AITEX', () => {
  it('cuts strips into squares, drops squares without fabric or anomaly, and merges masks', async () => {
    const [width, height] = [512, 64];
    await lay(root, {
      'Defect_images/0001_002_00.png': stripPicture(width, height, 100, width),
      'Mask_images/0001_002_00_mask1.png': maskPicture(4, width, height, 150),
      'Mask_images/0001_002_00_mask2.png': maskPicture(6, width, height, 300),
      'Defect_images/0002_006_01.png': stripPicture(width, height, 0, 400, 1),
      'NODefect_images/2311694/0003_000_00.png': stripPicture(width, height, 0, width, 2),
    });
    const { dataset, problems } = await imported();
    expect(dataset).toMatchObject({ layout: 'aitex', ignoreBorder: 4 });
    expect(dataset.classes).toEqual([
      { textureClass: 'fabric00', images: 10, train: 8, masked: 2, unmasked: 0, normal: 0, unknown: 0 },
      // No mask shows which tiles have the anomaly.
      { textureClass: 'fabric01', images: 6, train: 0, masked: 0, unmasked: 0, normal: 0, unknown: 6 },
    ]);
    const [first, second] = imagesOf(dataset);
    expect(first).toMatchObject({
      name: '0001_002_00.png #3',
      tileIndex: 3,
      defectType: '002',
      split: 'test',
      width: 64,
      height: 64,
      crop: { left: 128, top: 0, width: 64, height: 64 },
    });
    expect([await anomalous(first.mask), await anomalous(second.mask)]).toEqual([16, 36]);
    expect(kindsOf(problems)).toEqual(['dropped 0001_002_00.png', 'dropped 0002_006_01.png']);
    expect(problems[0].message).toContain('2 are not wholly fabric, 4 have no anomaly');
  });

  it('imports whole strips as rolls if that is chosen', async () => {
    const [width, height] = [512, 64];
    await lay(root, {
      'Defect_images/0001_002_00.png': stripPicture(width, height, 100, width),
      'Mask_images/0001_002_00_mask1.png': maskPicture(4, width, height, 150),
      'Mask_images/0001_002_00_mask2.png': maskPicture(6, width, height, 300),
      'NODefect_images/2311694/0003_000_00.png': stripPicture(width, height, 0, width, 2),
    });
    const { dataset, problems } = await imported([root], { layout: 'aitex-strips' });
    expect(dataset).toMatchObject({ layout: 'aitex-strips', classes: [{ images: 2, train: 1, masked: 1 }] });
    const [strip] = imagesOf(dataset);
    expect(strip).toMatchObject({ name: '0001_002_00.png', tileIndex: 0, defectType: '002', width, height });
    expect(await anomalous(strip.mask)).toBe(16 + 36);
    expect(temporary.store.rolls.list(dataset.id)).toMatchObject(
      Array.from({ length: 2 }, () => ({ direction: 'right', lengthPixels: width, widthPixels: height })),
    );
    expect(problems).toEqual([]);
  });

  it.skipIf(missingExternal('aitex_strips'))('finds the fabric on real strips', async () => {
    const { dataset } = await imported([externalPath('aitex_strips')]);
    expect(imagesOf(dataset).map(({ name }) => name)).toEqual([
      '0001_002_00.png #14',
      ...Array.from({ length: 11 }, (_, index) => `0001_000_00.png #${index + 6}`),
      '0004_002_01.png #9',
      '0010_006_02.png #13',
    ]);
  });
});

describe('any other folder', () => {
  it("has the images' folders as classes", async () => {
    await lay(root, {
      'left/a.png': picture(1),
      'left/low/b.png': picture(2),
      'c.png': picture(3),
      'notes.txt': Buffer.from(''),
    });
    const { dataset } = await imported();
    expect(dataset.layout).toBe('folder');
    expect(dataset.classes.map(({ textureClass }) => textureClass)).toEqual([
      basename(root),
      'left',
      'left/low',
    ]);
    expect(dataset.classes.every(({ unknown, images }) => unknown === images)).toBe(true);
  });

  it('can be imported in part', async () => {
    await lay(root, { 'a.png': picture(1), 'b/c.png': picture(2), 'd.png': picture(3) });
    const { dataset } = await imported([join(root, 'a.png'), join(root, 'b')]);
    expect(dataset.root).toBe(root);
    expect(imagesOf(dataset)).toHaveLength(2);
    expect(imagesOf((await imported()).dataset)).toHaveLength(3);
  });

  it('reports files that are duplicate, damaged, empty or not images, and imports the rest', async () => {
    const sound = await picture(1);
    await lay(root, {
      'a.png': sound,
      'b.png': sound,
      'empty.png': Buffer.alloc(0),
      'text.png': Buffer.from('text'),
      'cut.png': sound.subarray(0, sound.length - 40),
      'ok ö.webp': sharp(sound).webp().toBuffer(),
    });
    await mkdir(join(root, 'folder.png'));
    await symlink(join(root, 'nowhere.png'), join(root, 'link.png'));
    await lay(root, { 'huge.png': withSize(sound, 20_000, 20_000) });
    const { dataset, problems } = await imported();
    expect(imagesOf(dataset).map(({ name }) => name)).toEqual(['a.png', 'b.png', 'ok ö.webp']);
    expect(kindsOf(problems)).toEqual([
      'duplicate b.png',
      ...['cut.png', 'empty.png', 'huge.png', 'link.png', 'text.png'].map((name) => `unreadable ${name}`),
    ]);
  });

  it('is refused if none of its images can be read', async () => {
    await lay(root, { 'a.png': Buffer.from('x'), 'b.png': Buffer.from('y') });
    await expect(imported()).rejects.toMatchObject({
      code: 'NO_IMAGES',
      message: expect.stringContaining('a.png'),
    });
    await expect(imported([join(root, 'gone')])).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await mkdir(join(root, 'empty'));
    await expect(imported([join(root, 'empty')])).rejects.toMatchObject({ code: 'NO_IMAGES' });
    expect(temporary.store.datasets.list()).toEqual([]);
    expect((await temporary.store.blobs.stats()).blobs).toBe(0);
  });
});

describe('importing the same folder again', () => {
  it('updates new, changed, moved and missing files, and keeps the identity of images', async () => {
    await lay(root, carpet);
    const before = imagesOf((await imported()).dataset);
    await lay(root, { 'carpet/test/hole/000.png': picture(30), 'carpet/test/cut/000.png': picture(31) });
    await rename(join(root, 'carpet/test/hole/001.png'), join(root, 'carpet/test/hole/009.png'));
    await rm(join(root, 'carpet/test/good/000.png'));
    const { dataset, problems } = await imported();
    const after = new Map(imagesOf(dataset).map((image) => [image.id, image]));
    expect(after.size).toBe(5);
    expect(kindsOf(problems)).toEqual(['missing 000.png']);
    const [train, good, hole, moved] = before;
    expect(after.get(train.id)).toEqual({ ...train });
    expect(after.get(good.id)).toMatchObject({ state: 'missing', groundTruth: 'normal' });
    expect(after.get(hole.id)).toMatchObject({ state: 'present', mask: hole.mask, revision: 1 });
    expect(after.get(hole.id)?.file.sha256).not.toBe(hole.file.sha256);
    expect(after.get(moved.id)).toMatchObject({
      name: 'test/hole/009.png',
      state: 'present',
      path: join(root, 'carpet/test/hole/009.png'),
    });
  });

  it('updates a new or changed mask, but never replaces a drawn one', async () => {
    await lay(root, carpet);
    const [, , hole, other] = imagesOf((await imported()).dataset);
    const drawn = { groundTruth: 'normal', mask: null, pixels: 0, author: 'Åsa', source: 'drawn' } as const;
    temporary.store.revisions.add({ image: other.id, ...drawn });
    const [train] = imagesOf((await imported()).dataset);
    // Imported masks with an author count as drawn by a person.
    temporary.store.revisions.add({ image: train.id, ...drawn, groundTruth: 'unknown', source: 'imported' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await lay(root, {
      'carpet/ground_truth/hole/000_mask.png': maskPicture(7),
      'carpet/ground_truth/hole/001_mask.png': maskPicture(3),
    });
    await imported();
    expect(temporary.store.images.get(hole.id)).toMatchObject({ revision: 2, groundTruth: 'masked' });
    expect(await anomalous(temporary.store.images.get(hole.id).mask)).toBe(49);
    expect(temporary.store.images.get(train.id)).toMatchObject({ groundTruth: 'unknown', annotated: true });
    expect(temporary.store.images.get(other.id)).toMatchObject({
      revision: 1,
      groundTruth: 'normal',
      annotated: true,
    });
  });

  it('drops a mask that no longer fits its image', async () => {
    await lay(root, carpet);
    const [, , hole] = imagesOf((await imported()).dataset);
    await lay(root, { 'carpet/test/hole/000.png': picture(3, 80, 64) });
    const { problems } = await imported();
    expect(kindsOf(problems)).toEqual(['mask-size 000_mask.png', 'note 000.png']);
    expect(temporary.store.images.get(hole.id)).toMatchObject({
      width: 80,
      groundTruth: 'unknown',
      revision: 2,
    });
  });

  it('reads no file if nothing changed', async () => {
    await lay(root, carpet);
    const first = await imported();
    const silent = new EngineClient({ entry: '/nowhere.ts' });
    workWith(silent);
    // This includes the image without a mask.
    expect(await imported()).toEqual(first);
    await silent.close();
  });

  it('keeps the name unless a new, unused one is requested', async () => {
    await lay(root, carpet);
    await lay(join(root, 'b'), { 'x/a.png': picture(50), 'y/b.png': picture(51) });
    await imported([join(root, 'carpet')], { name: 'mine' });
    expect((await imported([join(root, 'carpet')])).dataset.name).toBe('mine');
    await expect(imported([join(root, 'b')], { name: 'mine' })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await imported([join(root, 'carpet')], { name: 'ours' })).dataset.name).toBe('ours');
  });
});

describe('an aborted import', () => {
  it('leaves no data behind', async () => {
    await lay(
      root,
      Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`${i}.png`, picture(i, 300, 300)])),
    );
    const controller = new AbortController();
    let reached = 0;
    const onEvent = (event: ImportEvent) => {
      if (event.type !== 'progress') return;
      reached = event.done;
      if (event.done > 5) controller.abort();
    };
    await expect(imported([root], { signal: controller.signal, onEvent })).rejects.toThrow();
    expect(reached).toBeGreaterThan(5);
    expect(temporary.store.datasets.list()).toEqual([]);
    expect(await temporary.store.blobs.stats()).toEqual({
      blobs: 0,
      bytes: 0,
      orphans: 0,
      orphanBytes: 0,
    });
  });
});

describe('changes are detected by content, not by date', () => {
  const old = new Date('2020-01-01');

  it('a mask with an older date replaces the previous one', async () => {
    await lay(root, carpet);
    const [, , hole] = imagesOf((await imported()).dataset);
    const mask = join(root, 'carpet/ground_truth/hole/000_mask.png');
    await writeFile(mask, await maskPicture(7));
    await utimes(mask, old, old);
    expect(kindsOf(await checked())).toEqual(['changed 000_mask.png']);
    await imported();
    expect(await anomalous(temporary.store.images.get(hole.id).mask)).toBe(49);
    expect(await checked()).toEqual([]);
  });

  it('an image with the size and date of the previous one is detected as changed', async () => {
    const pixels = (seed: number) =>
      Buffer.concat([
        Buffer.from('P5 32 32 255\n'),
        Buffer.from(Array.from({ length: 1024 }, (_, at) => (at * seed) % 251)),
      ]);
    const path = join(root, 'a.pgm');
    await lay(root, { 'a.pgm': pixels(3), 'b.png': picture(1) });
    await utimes(path, old, old);
    const before = imagesOf((await imported()).dataset).find((image) => image.path === path);
    if (before === undefined) return; // This build does not read Netpbm.
    await writeFile(path, pixels(5));
    await utimes(path, old, old);
    await imported();
    expect(temporary.store.images.get(before.id).file.sha256).not.toBe(before.file.sha256);
  });

  it('a file with only a new date is not read again, and its date is updated', async () => {
    await lay(root, carpet);
    const first = await imported();
    await utimes(join(root, 'carpet/test/hole/000.png'), old, old);
    const silent = new EngineClient({ entry: '/nowhere.ts' });
    workWith(silent);
    expect(await imported()).toEqual(first);
    expect(imagesOf(first.dataset)[2].file.mtimeMs).toBe(old.getTime());
    await silent.close();
  });

  it('a missing mask is reported by a check and an import, and its ground truth is kept', async () => {
    await lay(root, carpet);
    const [, , hole] = imagesOf((await imported()).dataset);
    await rm(join(root, 'carpet/ground_truth/hole/000_mask.png'));
    expect(kindsOf(await checked())).toEqual(['missing 000_mask.png']);
    expect(kindsOf((await imported()).problems)).toEqual(['missing 000_mask.png']);
    expect(temporary.store.images.get(hole.id)).toMatchObject({ groundTruth: 'masked', revision: 1 });
  });
});

describe('masks and folders that disagree', () => {
  it('a black mask never makes an image in a defective folder normal', async () => {
    await lay(root, carpet);
    const [, , hole] = imagesOf((await imported()).dataset);
    await lay(root, { 'carpet/ground_truth/hole/000_mask.png': maskPicture(0) });
    const { problems } = await imported();
    expect(kindsOf(problems)).toEqual(['mask-empty 000_mask.png']);
    expect(temporary.store.images.get(hole.id)).toMatchObject({ groundTruth: 'masked', revision: 1 });
  });

  it('a black mask makes an image normal unless its folder is defective', async () => {
    await lay(root, {
      'a/test/good/0.png': picture(1),
      'a/ground_truth/good/0_mask.png': maskPicture(0),
      'a/test/1.png': picture(2),
      'a/ground_truth/1_mask.png': maskPicture(0),
    });
    const { dataset, problems } = await imported();
    expect(problems).toEqual([]);
    expect(imagesOf(dataset).map(({ groundTruth }) => groundTruth)).toEqual(['normal', 'normal']);
  });

  it('a mask with anomalous pixels in a normal folder is imported and reported', async () => {
    await lay(root, { ...carpet, 'carpet/ground_truth/good/000_mask.png': maskPicture(3) });
    const { dataset, problems } = await imported();
    expect(kindsOf(problems)).toEqual(['mask-doubtful 000_mask.png']);
    expect(imagesOf(dataset)[1]).toMatchObject({ groundTruth: 'masked', defectType: 'good' });
  });
});

describe('import problems', () => {
  it('name each path once, relative to the root', async () => {
    await lay(root, { ...carpet, 'carpet/ground_truth/hole/000_mask.png': maskPicture(5, 10, 10) });
    const { problems } = await imported();
    expect(problems).toHaveLength(1);
    expect(problems[0].path).toBe(join('carpet/ground_truth/hole/000_mask.png'));
    expect(problems[0].message).not.toContain(root);
  });
});

describe('a file of several pages', () => {
  it('becomes one image per page, which keeps its identity on a second import', async () => {
    await copyFile(fixture('same/pages.tif'), join(root, 'stack.tif'));
    const { dataset } = await imported();
    const pages = imagesOf(dataset);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.map(({ name, tileIndex }) => [name, tileIndex])).toEqual(
      pages.map((_, at) => [`stack.tif #${at + 1}`, at + 1]),
    );
    expect(new Set(pages.map(({ thumbnail }) => thumbnail)).size).toBeGreaterThan(0);
    expect(imagesOf((await imported()).dataset)).toEqual(pages);
    expect(await checked()).toEqual([]);
    for (const page of pages)
      expect(
        (await openImageAssets(temporary.store, engine).png(page.id, 64, new AbortController().signal))
          .length,
      ).toBeGreaterThan(50);
  });
});

describe('simultaneous imports of one folder', () => {
  it('result in one dataset, and all but one report a conflict', async () => {
    await lay(root, carpet);
    const outcomes = await Promise.allSettled([imported(), imported(), imported()]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({
          code: 'CONFLICT',
          message: expect.stringContaining(root) as string,
        });
    }
    expect(temporary.store.datasets.list()).toHaveLength(1);
    expect((await temporary.store.blobs.stats()).orphans).toBe(0);
    await lay(root, { 'one/cloth/a/1.png': picture(60), 'two/cloth/a/1.png': picture(61) });
    const both = await Promise.all([
      imported([join(root, 'one/cloth')]),
      imported([join(root, 'two/cloth')]),
    ]);
    expect(both.map(({ dataset }) => dataset.name).toSorted()).toEqual(['cloth', 'cloth 2']);
    await lay(root, { 'carpet/test/hole/005.png': picture(55) });
    const again = await Promise.allSettled([imported(), imported()]);
    expect(again.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});
