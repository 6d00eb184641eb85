import { access, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AnnotationFormatName, TransferEvent } from '../../common/api/annotation.ts';
import { EngineClient } from '../../engine/client/engine-client.ts';
import type { Store } from '../../store/store.ts';
import { addImages, temporaryStore } from '../../test/store.ts';
import { type Annotation, openAnnotation } from './annotation.ts';

const [WIDTH, HEIGHT] = [32, 24];
const signal = new AbortController().signal;
const engine = new EngineClient();
let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
let annotation: Annotation;
let dataset: number;
let images: number[];
let folder: string;

beforeAll(() => engine.start());
afterAll(() => engine.close());
beforeEach(async () => {
  temporary = temporaryStore();
  store = temporary.store;
  annotation = openAnnotation(store, engine);
  ({ dataset, images } = addImages(store, [{}, {}, { tileIndex: 3 }]));
  folder = await mkdtemp(join(tmpdir(), 'perch-masken-'));
});
afterEach(async () => {
  await temporary.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** A mask in which a rectangle is marked, as 8-bit gray PNG. */
function drawing(marked = 5, { width = WIDTH, height = HEIGHT, level = 255 } = {}): Promise<Buffer> {
  const gray = Buffer.alloc(width * height);
  gray.fill(level, width, width + marked);
  return sharp(gray, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

const save = (png: Uint8Array, base: number, { author = 'Ada', image = images[0] } = {}) =>
  annotation.save({ image, author, base, png: pieces(png) }, signal);
const revisions = async (image = images[0]) => (await annotation.revisions({ image }, signal)).revisions;

async function grayOf(png: Uint8Array): Promise<number[]> {
  const image = sharp(png);
  expect(await image.metadata()).toMatchObject({ format: 'png', channels: 1, depth: 'uchar' });
  return [...(await image.toColourspace('b-w').raw().toBuffer())];
}

describe('saving a drawn mask', () => {
  it('keeps what was drawn as 0 and 255, counts it and tells that ground truth changed', async () => {
    let reported = 0;
    store.changes.on('datasets', () => reported++);
    const saved = await save(await drawing(5, { level: 200 }), 0);
    expect(saved).toMatchObject({
      revision: 1,
      groundTruth: 'masked',
      pixels: 5,
      author: 'Ada',
      source: 'drawn',
    });
    const gray = await grayOf(await store.blobs.read(saved.mask ?? ''));
    expect(gray).toEqual(gray.map((_, at) => (at >= WIDTH && at < WIDTH + 5 ? 255 : 0)));
    expect(store.images.get(images[0])).toMatchObject({ mask: saved.mask, revision: 1, annotated: true });
    expect(reported).toBe(1);
  });

  it('without any marked pixel says that the image is normal', async () => {
    expect(await save(await drawing(0), 0)).toMatchObject({ groundTruth: 'normal', mask: null, pixels: 0 });
  });

  it('refuses one that was drawn over an older revision; both stay what they are', async () => {
    await save(await drawing(1), 0);
    const mine = await drawing(2);
    const [ada, asa] = await Promise.allSettled([
      save(mine, 1),
      save(await drawing(3), 1, { author: 'Åsa' }),
    ]);
    expect([ada.status, asa.status].sort()).toEqual(['fulfilled', 'rejected']);
    expect([ada, asa].find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'CONFLICT' },
    });
    expect(await revisions()).toHaveLength(2);
  });

  it('again, because the answer was lost, makes no second revision', async () => {
    const png = await drawing();
    const saved = await save(png, 0);
    expect(await save(png, 0)).toEqual(saved);
    expect(await save(png, 1)).toEqual(saved);
    await expect(save(png, 0, { author: 'Åsa' })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await revisions()).toHaveLength(1);
  });

  it('of an image that is gone is refused', async () => {
    await expect(save(await drawing(), 0, { image: 99 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each<[string, () => Promise<Uint8Array>]>([
    ['nothing', async () => new Uint8Array()],
    ['no image', async () => Buffer.from('<svg/>')],
    ['half of it', half],
    ['another size', () => drawing(5, { width: HEIGHT, height: WIDTH })],
    [
      'JPEG',
      async () =>
        sharp(await drawing())
          .jpeg()
          .toBuffer(),
    ],
    [
      'colours',
      async () =>
        sharp(await drawing())
          .toColourspace('srgb')
          .png()
          .toBuffer(),
    ],
    [
      '16 bits',
      async () =>
        sharp(await drawing())
          .toColourspace('grey16')
          .png()
          .toBuffer(),
    ],
    ['a huge size in its header', async () => claiming(await drawing(), 60_000)],
    ['more bytes than it can have', async () => Buffer.concat([await drawing(), Buffer.alloc(100_000)])],
  ])('refuses %s and saves nothing', async (_, png) => {
    await expect(save(await png(), 0)).rejects.toMatchObject({ code: 'INVALID_MASK' });
    expect(await revisions()).toEqual([]);
  });

  it('works at 4096 x 4096', async () => {
    const side = { width: 4096, height: 4096 };
    const large = addImages(store, [side], 'large').images[0];
    expect(await save(await drawing(4000, side), 0, { image: large })).toMatchObject({ pixels: 4000 });
  });
});

/** The first half of a PNG. */
async function half(): Promise<Uint8Array> {
  const whole = await drawing(20);
  return whole.subarray(0, whole.length / 2);
}

/** The same PNG, but its header claims another size. */
function claiming(png: Buffer, side: number): Buffer {
  const changed = Buffer.from(png);
  changed.writeUInt32BE(side, 16);
  changed.writeUInt32BE(side, 20);
  return changed;
}

describe('revisions', () => {
  it('are kept, each of them, and any can be made the latest again', async () => {
    const { mask } = await save(await drawing(), 0);
    await annotation.mark({ image: images[0], author: 'Åsa', groundTruth: 'normal' }, signal);
    await annotation.mark({ image: images[0], author: 'Åsa', groundTruth: 'unknown' }, signal);
    const restored = await annotation.restore({ image: images[0], author: 'Ada', revision: 1 }, signal);
    expect(restored).toMatchObject({
      revision: 4,
      groundTruth: 'masked',
      mask,
      pixels: 5,
      source: 'restored',
    });
    expect((await revisions()).map(({ groundTruth }) => groundTruth)).toEqual([
      'masked',
      'normal',
      'unknown',
      'masked',
    ]);
    const missing = annotation.restore({ image: images[0], author: 'Ada', revision: 9 }, signal);
    await expect(missing).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('an image of which nothing is known', () => {
  it('is that again by a mark or by its state before the first revision', async () => {
    await save(await drawing(0), 0);
    const unknown = { groundTruth: 'unknown', mask: null, pixels: 0 };
    const by = { image: images[0], author: 'Ada' };
    expect(await annotation.mark({ ...by, groundTruth: 'unknown' }, signal)).toMatchObject(unknown);
    expect(store.images.get(images[0]).groundTruth).toBe('unknown');
    await save(await drawing(5), 2);
    const restored = await annotation.restore({ ...by, revision: 0 }, signal);
    expect(restored).toMatchObject({ ...unknown, revision: 4, source: 'restored' });
  });

  it('is not marked over what somebody else saved, and once where the answer was lost', async () => {
    await save(await drawing(5), 0);
    const mark = (base: number, author = 'Ada') =>
      annotation.mark({ image: images[0], author, groundTruth: 'unknown', base }, signal);
    await expect(mark(0)).rejects.toMatchObject({ code: 'CONFLICT' });
    const marked = await mark(1);
    expect(await mark(1)).toEqual(marked);
    await expect(mark(1, 'Åsa')).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('masks as files', () => {
  const run = async (events: ReturnType<Annotation['export']>) => {
    let last: TransferEvent | undefined;
    for await (const event of await events) last = event;
    return last;
  };
  const exportTo = (target: string, format: AnnotationFormatName = 'mvtec') =>
    run(annotation.export({ dataset, folder: target, format }, signal));
  const importFrom = (
    source: string,
    { author = 'Åsa', format = 'mvtec' as AnnotationFormatName, emptyIsNormal = false } = {},
  ) => run(annotation.import({ dataset, folder: source, author, format, emptyIsNormal }, signal));
  const lay = async (path: string, bytes: Uint8Array) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  };

  it('come back as they went out', async () => {
    const first = await save(await drawing(5), 0);
    const part = await save(await drawing(7), 0, { image: images[2] });
    const target = join(folder, 'neu/masken');
    expect(await exportTo(target)).toEqual({ type: 'done', written: 2, problems: [] });
    const files = (await readdir(target, { recursive: true })).filter((file) => file.endsWith('.png'));
    expect(files.sort()).toEqual([
      'linen/ground_truth/hole/0_mask.png',
      'linen/ground_truth/hole/2_part3_mask.png',
    ]);
    expect(await readFile(join(target, files[0]))).toEqual(await store.blobs.read(first.mask ?? ''));

    await annotation.mark({ image: images[2], author: 'Ada', groundTruth: 'unknown' }, signal);
    expect(await importFrom(target)).toEqual({ type: 'done', written: 1, unchanged: 1, problems: [] });
    expect(await revisions()).toHaveLength(1);
    expect((await revisions(images[2])).at(-1)).toMatchObject({
      mask: part.mask,
      author: 'Åsa',
      source: 'imported',
      revision: 3,
    });
  });

  it('are read from the folder of one class too; an empty one makes no defective image normal unless that is asked for', async () => {
    await lay('linen/ground_truth/hole/1_mask.png', await drawing(0));
    expect(await importFrom(join(folder, 'linen'))).toMatchObject({
      written: 0,
      problems: [{ kind: 'mask-empty', path: join('ground_truth/hole/1_mask.png') }],
    });
    expect(await revisions(images[1])).toEqual([]);
    expect(await importFrom(join(folder, 'linen'), { emptyIsNormal: true })).toMatchObject({
      written: 1,
      problems: [],
    });
    expect(await revisions(images[1])).toMatchObject([{ groundTruth: 'normal', mask: null }]);
  });

  it('count in any spelling, case and format', async () => {
    await lay('Linen/GroundTruth/HOLE/0.png', await drawing(5));
    await lay('linen/ground_truth/hole/1_GT.bmp.png', await drawing(5));
    await lay(
      'linen/ground_truth/hole/1_GT.tif',
      await sharp(await drawing(6))
        .tiff()
        .toBuffer(),
    );
    expect(await importFrom(folder)).toMatchObject({
      written: 2,
      problems: [{ kind: 'mask-without-image' }],
    });
    expect([await revisions(images[0]), await revisions(images[1])]).toMatchObject([
      [{ pixels: 5 }],
      [{ pixels: 6 }],
    ]);
  });

  /** A mask with a hole, a part in the hole that touches at a corner, and a region apart. */
  const ragged = () => {
    const gray = Buffer.alloc(WIDTH * HEIGHT);
    const fill = (left: number, top: number, side: number, value: number) => {
      for (let y = top; y < top + side; y++) gray.fill(value, y * WIDTH + left, y * WIDTH + left + side);
    };
    fill(3, 4, 10, 255);
    fill(5, 6, 5, 0);
    fill(8, 9, 2, 255);
    fill(20, 15, 3, 255);
    gray[0] = 255;
    return sharp(gray, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
  };

  it.each(['coco', 'labelme'] as const)(
    'come back from %s to the pixel, parts of strips and normal images too',
    async (format) => {
      const first = await save(await ragged(), 0);
      const part = await save(await drawing(7), 0, { image: images[2] });
      await annotation.mark({ image: images[1], author: 'Ada', groundTruth: 'normal' }, signal);
      const target = join(folder, format);
      expect(await exportTo(target, format)).toEqual({ type: 'done', written: 2, problems: [] });
      expect(await importFrom(target, { format })).toEqual({
        type: 'done',
        written: 0,
        unchanged: 3,
        problems: [],
      });
      for (const image of images)
        await annotation.mark({ image, author: 'Ada', groundTruth: 'unknown' }, signal);
      expect(await importFrom(target, { format, emptyIsNormal: true })).toMatchObject({
        written: 3,
        problems: [],
      });
      expect(store.images.listByDataset(dataset).map(({ mask, groundTruth }) => mask ?? groundTruth)).toEqual(
        [first.mask, 'normal', part.mask],
      );
    },
  );

  it('go out as VOC as boxes, which come back as rectangles, and say so', async () => {
    await save(await ragged(), 0);
    expect(await exportTo(join(folder, 'voc'), 'voc')).toMatchObject({ written: 1 });
    const xml = await readFile(join(folder, 'voc/linen/hole/0.xml'), 'utf8');
    expect(xml).toMatch(/<xmin>4<\/xmin>\s*<ymin>5<\/ymin>\s*<xmax>13<\/xmax>\s*<ymax>14<\/ymax>/);
    const done = await importFrom(join(folder, 'voc'), { format: 'voc' });
    expect(done).toMatchObject({
      written: 1,
      problems: [{ kind: 'note', message: expect.stringContaining('rectangles') as string }],
    });
    expect((await revisions()).at(-1)).toMatchObject({ pixels: 100 + 9 + 1, author: 'Åsa' });
  });

  it('of other programs are read: COCO of all kinds of segmentation', async () => {
    const rows = Buffer.alloc(WIDTH * HEIGHT);
    const images3 = [
      { id: 7, file_name: 'somewhere/linen/test/hole/0.png', width: WIDTH, height: HEIGHT },
      { id: 'b', file_name: '1.PNG', width: WIDTH, height: HEIGHT },
      { id: 9, file_name: 'nobody.png', width: WIDTH, height: HEIGHT },
    ];
    const annotations = [
      {
        id: 1,
        image_id: 7,
        category_id: 1,
        segmentation: [[2, 2, 6, 2, 6, 5, 2, 5]],
        bbox: [2, 2, 4, 3],
        iscrowd: 0,
      },
      {
        id: 2,
        image_id: 7,
        category_id: 1,
        segmentation: { size: [HEIGHT, WIDTH], counts: [rows.length - 2, 2] },
        iscrowd: 1,
      },
      { id: 3, image_id: 'b', category_id: 1, segmentation: [], bbox: [1, 1, 3, 2] },
    ];
    await lay(
      'instances.json',
      Buffer.from(JSON.stringify({ images: images3, annotations, categories: [] })),
    );
    const done = await importFrom(folder, { format: 'coco' });
    expect(done).toMatchObject({ written: 2 });
    expect(done?.type === 'done' && done.problems.map(({ kind }) => kind).sort()).toEqual([
      'mask-without-image',
      'note',
    ]);
    expect([await revisions(images[0]), await revisions(images[1])]).toMatchObject([
      [{ pixels: 14 }],
      [{ pixels: 6 }],
    ]);
  });

  it('of other programs are read: shapes of labelme', async () => {
    const shapes = [
      {
        label: 'x',
        points: [
          [10, 8],
          [13, 8],
        ],
        shape_type: 'circle',
      },
      {
        label: 'x',
        points: [
          [30, 20],
          [26, 18],
        ],
        shape_type: 'rectangle',
      },
      { label: 'x', points: [[1, 1]], shape_type: 'point' },
      {
        label: 'x',
        points: [
          [0, 22],
          [1, 22],
        ],
        shape_type: 'mask',
        mask: (
          await sharp({ create: { width: 2, height: 1, channels: 3, background: '#fff' } })
            .png()
            .toBuffer()
        ).toString('base64'),
      },
    ];
    await lay(
      '0.json',
      Buffer.from(
        JSON.stringify({
          shapes,
          imagePath: '..\\test\\hole\\0.png',
          imageHeight: HEIGHT,
          imageWidth: WIDTH,
        }),
      ),
    );
    await lay('1.json', Buffer.from('{"shapes": 3}'));
    await lay('2.json', Buffer.from('not json'));
    const done = await importFrom(folder, { format: 'labelme' });
    expect(done).toMatchObject({ written: 1 });
    expect(done?.type === 'done' && done.problems.map(({ kind }) => kind).sort()).toEqual([
      'note',
      'unreadable',
      'unreadable',
    ]);
    const pixels = (await revisions())[0].pixels;
    // A circle of radius 3 within a pixel of its line, a rectangle and two pixels.
    expect(Math.abs(pixels - (Math.PI * 9 + 8 + 2))).toBeLessThan(6);
  });

  describe('make no image normal', () => {
    const unread: Record<string, { format: AnnotationFormatName; file: string; text: string }> = {
      'by a labelme shape without area': {
        format: 'labelme',
        file: '1.json',
        text: JSON.stringify({ shapes: [{ points: [[1, 1], [9, 9]], shape_type: 'linestrip' }] }), // prettier-ignore
      },
      'by a COCO annotation that cannot be used': {
        format: 'coco',
        file: 'a.json',
        text: JSON.stringify({
          images: [{ id: 1, file_name: '1.png' }],
          annotations: [{ image_id: 1, segmentation: [[1, 2, 3]] }],
        }),
      },
      'by COCO annotations of images that are not listed': {
        format: 'coco',
        file: 'a.json',
        text: JSON.stringify({
          images: [{ id: 1, file_name: '1.png' }],
          annotations: [{ image_id: 0, segmentation: [[1, 2, 9, 2, 9, 9]] }],
        }),
      },
      'by a polygon outside of the image': {
        format: 'coco',
        file: 'a.json',
        text: JSON.stringify({
          images: [{ id: 1, file_name: '1.png' }],
          annotations: [{ image_id: 1, segmentation: [[900, 900, 990, 900, 990, 990]] }],
        }),
      },
      'by a VOC object without a box': {
        format: 'voc',
        file: '1.xml',
        text: '<annotation><filename>1.png</filename><object><name>x</name></object></annotation>',
      },
    };

    it.each(Object.entries(unread))('%s, and say so', async (_, { format, file, text }) => {
      await lay(file, Buffer.from(text));
      const done = await importFrom(folder, { format, emptyIsNormal: true }).catch(
        (thrown: unknown) => thrown,
      );
      expect(done).toSatisfy(
        (outcome: { problems?: { kind: string }[]; code?: string }) =>
          outcome.code === 'NOT_FOUND' || !!outcome.problems?.some(({ kind }) => kind === 'mask-empty'),
      );
      expect(await revisions(images[1])).toEqual([]);
    });
  });

  it('of programs that write ids as text, corners of rectangles, or the folder of an image are read', async () => {
    const square = [2, 2, 6, 2, 6, 5, 2, 5];
    const files: [AnnotationFormatName, string, string][] = [
      [
        'coco',
        'coco/a.json',
        JSON.stringify({
          images: [
            { id: 1, file_name: '0.png' },
            { id: 2, file_name: '9.png' },
          ],
          annotations: [
            { image_id: '1', segmentation: [square] },
            { image_id: '8', segmentation: [square] },
          ],
        }),
      ],
      [
        'labelme',
        'labelme/1.json',
        JSON.stringify({
          shapes: [{ points: [[2, 2], [6, 2], [6, 5], [2, 5]], shape_type: 'rectangle' }], // prettier-ignore
        }),
      ],
      [
        'voc',
        'voc/0.xml',
        `<annotation><folder>hole</folder><filename>0.png</filename><size><width>0</width><height>0</height></size>
         <object><bndbox><xmin>9</xmin><ymin>3</ymin><xmax>4</xmax><ymax>5</ymax></bndbox></object></annotation>`,
      ],
    ];
    for (const [format, path, text] of files) {
      await lay(path, Buffer.from(text));
      expect(await importFrom(join(folder, dirname(path)), { format })).toMatchObject({ written: 1 });
    }
    expect((await revisions()).map(({ pixels }) => pixels)).toEqual([12, 18]);
    expect((await revisions(images[1])).map(({ pixels }) => pixels)).toEqual([12]);
    const reported = await importFrom(join(folder, 'coco'), { format: 'coco' });
    expect(reported?.type === 'done' && reported.problems.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('a.json, image_id 8: there is no such image'),
    );
  });

  it('of another size, or that do not fit their image, are reported', async () => {
    const of = (width: number, counts: unknown) =>
      Buffer.from(
        JSON.stringify({
          images: [{ id: 1, file_name: '0.png', width, height: HEIGHT }],
          annotations: [{ image_id: 1, segmentation: { size: [HEIGHT, width], counts } }],
        }),
      );
    for (const bytes of [of(WIDTH + 1, [1]), of(WIDTH, [5]), of(WIDTH, 'oooooooooo')]) {
      await lay('a.json', bytes);
      const done = await importFrom(folder, { format: 'coco' }).catch((thrown: unknown) => thrown);
      expect(done).toSatisfy(
        (outcome: { problems?: unknown[]; code?: string }) =>
          outcome.problems?.length === 1 || outcome.code === 'NOT_FOUND',
      );
    }
    expect(await revisions()).toEqual([]);
  });

  it('that cannot be used are reported, and the others read', async () => {
    await lay('linen/ground_truth/hole/0_mask.png', await drawing(3));
    await lay('linen/ground_truth/hole/1_mask.png', await drawing(3, { width: 10, height: 10 }));
    await lay('linen/ground_truth/hole/2_part3_mask.png', await half());
    await lay('silk/ground_truth/hole/0_mask.png', await drawing(3));
    await lay('linen/test/hole/0_mask.png', await drawing(3));
    const done = await importFrom(folder);
    expect(done).toMatchObject({ written: 1 });
    expect(done?.type === 'done' && done.problems.map(({ kind }) => kind).sort()).toEqual([
      'mask-size',
      'mask-unreadable',
      'mask-without-image',
    ]);
  });

  it('are not read from where there are none', async () => {
    await expect(importFrom(folder)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(importFrom(join(folder, 'missing'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are not written where there are none, nor over files, nor into a dataset', async () => {
    await expect(exportTo(join(folder, 'none'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await save(await drawing(), 0);
    await lay('full/file.txt', Buffer.from('mine'));
    await expect(exportTo(join(folder, 'full'))).rejects.toMatchObject({ code: 'CONFLICT' });
    const root = join(folder, 'root');
    await mkdir(root);
    await symlink(root, join(folder, 'link'));
    store.datasets.add({ name: 'other', layout: 'folder', root, ignoreBorder: 0 });
    for (const target of [root, join(root, 'new'), join(folder, 'link/new')])
      await expect(exportTo(target)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await readdir(folder, { recursive: true })).sort()).toEqual([
      'full',
      'full/file.txt',
      'link',
      'root',
    ]);
  });

  it('leave nothing behind when canceled', async () => {
    await save(await drawing(5), 0);
    await save(await drawing(7), 0, { image: images[1] });
    const controller = new AbortController();
    const target = join(folder, 'out');
    const events = await annotation.export({ dataset, folder: target, format: 'mvtec' }, controller.signal);
    await events.next();
    await events.next();
    controller.abort();
    await expect(events.next()).rejects.toThrow();
    await expect(access(target)).rejects.toThrow();
    expect(await readdir(folder)).toEqual([]);
  });
});
