import { rename, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../common/api/datasets.ts';
import { Store } from '../../store/store.ts';
import { openDatasets } from './datasets.ts';
import {
  carpet,
  datasets,
  engine,
  imagesOf,
  imported,
  kindsOf,
  never,
  root,
  setUpImports,
  temporary,
} from './test/importing.ts';
import { lay, maskPicture } from './test/pictures.ts';

setUpImports();

describe('thumbnails', () => {
  it('are found by name, and missing for an unknown name', async () => {
    await lay(root, carpet);
    const { dataset } = await imported();
    const { images } = await datasets.images({ dataset: dataset.id }, never);
    const [{ thumbnail }] = images;
    const asked = [thumbnail ?? '', '../../perch.db', 'b'.repeat(64)];
    const { thumbnails } = await datasets.thumbnails({ thumbnails: asked }, never);
    const { format, width, height } = await sharp(Buffer.from(thumbnails[0] ?? '', 'base64')).metadata();
    expect({ format, width, height }).toEqual({ format: 'webp', width: 40, height: 32 });
    expect(thumbnails.slice(1)).toEqual([null, null]);
  });
});

describe('a preview', () => {
  it('shows what an import would find, and writes nothing', async () => {
    await lay(root, { ...carpet, 'carpet/ground_truth/hole/007_mask.png': maskPicture(2) });
    const preview = await datasets.preview({ paths: [root], layout: 'auto' }, never);
    expect(preview).toMatchObject({
      name: basename(root),
      layout: 'mvtec',
      root,
      classes: [
        { textureClass: 'carpet', images: 4, train: 1, masked: 1, unmasked: 1, normal: 1, unknown: 0 },
      ],
      problems: [{ kind: 'mask-without-image' }],
    });
    expect(preview).not.toHaveProperty('existing');
    expect(temporary.store.datasets.list()).toEqual([]);
    const { dataset } = await imported();
    expect(await datasets.preview({ paths: [root], layout: 'auto' }, never)).toMatchObject({
      existing: dataset.id,
    });
  });
});

describe('a check', () => {
  const checked = async ({ id }: Dataset) => {
    for await (const event of await datasets.verify({ dataset: id }, never))
      if (event.type === 'verified') return event.problems;
    throw new Error('The check ended without a result.');
  };

  it('finds missing, changed and restored files, even with the same size and time', async () => {
    await lay(root, carpet);
    const { dataset } = await imported();
    expect(await checked(dataset)).toEqual([]);
    const hole = join(root, 'carpet/test/hole/000.png');
    await rename(join(root, 'carpet/train'), join(root, 'aside'));
    const [, , image] = imagesOf(dataset);
    await truncate(hole, image.file.bytes - 1);
    await writeFile(hole, 'x', { flag: 'a' });
    expect(kindsOf(await checked(dataset))).toEqual(['changed 000.png', 'missing 000.png']);
    expect(imagesOf(dataset).map(({ state }) => state)).toEqual(['missing', 'present', 'changed', 'present']);
    await rename(join(root, 'aside'), join(root, 'carpet/train'));
    expect(kindsOf(await checked(dataset))).toEqual(['changed 000.png']);
  });
});

describe('a moved dataset folder', () => {
  it('is recorded, and all data stays with the images', async () => {
    await lay(root, carpet);
    const { dataset } = await imported();
    const before = imagesOf(dataset);
    const newRoot = `${root} archive`;
    await rename(root, newRoot);
    try {
      await expect(
        (async () => datasets.relocate({ dataset: dataset.id, path: tmpdir() }, never))(),
      ).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringContaining(root),
      });
      expect(imagesOf(dataset)).toEqual(before);
      const moved = await datasets.relocate({ dataset: dataset.id, path: newRoot }, never);
      expect(moved).toMatchObject({ id: dataset.id, root: newRoot });
      expect(imagesOf(dataset)).toEqual(
        before.map((image) => ({ ...image, path: image.path.replace(root, newRoot) })),
      );
      const again = await imported([newRoot]);
      expect(again.dataset.id).toBe(dataset.id);
      expect(again.problems).toEqual([]);
    } finally {
      await rename(newRoot, root);
    }
  });

  it('is refused if it belongs to another dataset', async () => {
    await lay(root, Object.fromEntries(Object.entries(carpet).map(([path, file]) => [`a/${path}`, file])));
    await lay(root, Object.fromEntries(Object.entries(carpet).map(([path, file]) => [`b/${path}`, file])));
    const { dataset } = await imported([join(root, 'a')]);
    await imported([join(root, 'b')]);
    await expect(
      (async () => datasets.relocate({ dataset: dataset.id, path: join(root, 'b') }, never))(),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(temporary.store.datasets.get(dataset.id).root).toBe(join(root, 'a'));
  });
});

describe('watching', () => {
  it('yields a version immediately and after every change', async () => {
    await lay(root, carpet);
    const controller = new AbortController();
    const events = (await datasets.watch(undefined, controller.signal))[Symbol.asyncIterator]();
    const first = (await events.next()).value?.version ?? NaN;
    const next = events.next();
    const { dataset } = await imported();
    expect((await next).value?.version).toBeGreaterThan(first);
    const renamed = events.next();
    await datasets.rename({ dataset: dataset.id, name: 'other' }, never);
    expect((await renamed).done).toBe(false);
    controller.abort();
  });

  it('says whether only a station added images, which load by themselves', async () => {
    await lay(root, carpet);
    const { dataset } = await imported();
    const { store } = temporary;
    const controller = new AbortController();
    const events = (await datasets.watch(undefined, controller.signal))[Symbol.asyncIterator]();
    const before = (await events.next()).value;
    const all = (await datasets.images({ dataset: dataset.id }, never)).images;
    const last = Math.max(...all.map(({ id }) => id));
    const [{ id: _, state: __, ...image }] = store.images.listByDataset(dataset.id);
    const added = store.images.add(dataset.id, {
      ...image,
      path: '/line/1.png',
      name: '1.png',
      sortIndex: 999,
    });
    store.changes.emit('images');
    const after = (await events.next()).value;
    expect([after?.others, after?.version]).toEqual([before?.others, (before?.version ?? NaN) + 1]);
    const known = { last, count: all.length };
    const answer = await datasets.images({ dataset: dataset.id, known }, never);
    expect([answer.images.map(({ id }) => id), answer.kept]).toEqual([[added], undefined]);
    store.database.prepare('DELETE FROM images WHERE id = ?').run(all[0].id);
    const { kept } = await datasets.images({ dataset: dataset.id, known }, never);
    expect(kept?.toSorted((a, b) => a - b)).toEqual(
      all
        .slice(1)
        .map(({ id }) => id)
        .toSorted((a, b) => a - b),
    );
    await datasets.rename({ dataset: dataset.id, name: 'other' }, never);
    expect((await events.next()).value?.others).toBe((before?.others ?? NaN) + 1);
    controller.abort();
  });

  it('reports changes made by another process', async () => {
    await lay(root, carpet);
    const controller = new AbortController();
    const events = (await datasets.watch(undefined, controller.signal))[Symbol.asyncIterator]();
    await events.next();
    const other = new Store(temporary.home);
    const next = events.next();
    for await (const _ of await openDatasets(other, engine).import({ paths: [root], layout: 'auto' }, never));
    other.close();
    expect((await next).done).toBe(false);
    controller.abort();
  });
});
