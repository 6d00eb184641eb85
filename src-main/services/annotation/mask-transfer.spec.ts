import { access, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { AnnotationFormatName, TransferEvent } from '../../common/api/annotation.ts';
import type { Annotation } from './annotation.ts';
import {
  HEIGHT,
  WIDTH,
  annotation,
  dataset,
  drawing,
  folder,
  half,
  images,
  revisions,
  save,
  signal,
  store,
} from './test/fixture.ts';

describe('exporting and importing masks', () => {
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
  const write = async (path: string, bytes: Uint8Array) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  };

  it('restores the exported masks', async () => {
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

  it('reads the folder of one class; an empty mask makes a defective image normal only on request', async () => {
    await write('linen/ground_truth/hole/1_mask.png', await drawing(0));
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

  it('accepts masks with any spelling, case and format', async () => {
    await write('Linen/GroundTruth/HOLE/0.png', await drawing(5));
    await write('linen/ground_truth/hole/1_GT.bmp.png', await drawing(5));
    await write(
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

  /** A mask with a hole, a part that touches the hole at a corner, and a separate region. */
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

  it('exports the size of a pixel to COCO, if the class has a scale', async () => {
    await save(await drawing(7), 0);
    const [{ textureClass }] = store.images.listByDataset(dataset);
    const scale = { across: 0.1, along: 0.2 };
    store.classScales.set(dataset, textureClass, { scale, source: 'typed', author: 'Ada' });
    await exportTo(join(folder, 'scaled'), 'coco');
    const { images: exported } = JSON.parse(await readFile(join(folder, 'scaled/annotations.json'), 'utf8'));
    expect(exported[0].mm_per_pixel).toEqual([0.1, 0.2]);
  });

  it.each(['coco', 'labelme'] as const)(
    'restores masks exported as %s to the pixel, including tiles of strips and normal images',
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

  it('exports VOC masks as boxes, imports these as rectangles, and reports it', async () => {
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

  it('reads every segmentation type of COCO files from other programs', async () => {
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
    await write(
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

  it('reads every shape type of labelme files from other programs', async () => {
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
    await write(
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
    await write('1.json', Buffer.from('{"shapes": 3}'));
    await write('2.json', Buffer.from('not json'));
    const done = await importFrom(folder, { format: 'labelme' });
    expect(done).toMatchObject({ written: 1 });
    expect(done?.type === 'done' && done.problems.map(({ kind }) => kind).sort()).toEqual([
      'note',
      'unreadable',
      'unreadable',
    ]);
    const pixels = (await revisions())[0].pixels;
    // The area of a circle of radius 3, a rectangle and two pixels; the circle is rasterized.
    expect(Math.abs(pixels - (Math.PI * 9 + 8 + 2))).toBeLessThan(6);
  });

  describe('unsupported annotations', () => {
    const unread: Record<string, { format: AnnotationFormatName; file: string; text: string }> = {
      'a labelme shape without area': {
        format: 'labelme',
        file: '1.json',
        text: JSON.stringify({ shapes: [{ points: [[1, 1], [9, 9]], shape_type: 'linestrip' }] }), // prettier-ignore
      },
      'an invalid COCO annotation': {
        format: 'coco',
        file: 'a.json',
        text: JSON.stringify({
          images: [{ id: 1, file_name: '1.png' }],
          annotations: [{ image_id: 1, segmentation: [[1, 2, 3]] }],
        }),
      },
      'COCO annotations of unlisted images': {
        format: 'coco',
        file: 'a.json',
        text: JSON.stringify({
          images: [{ id: 1, file_name: '1.png' }],
          annotations: [{ image_id: 0, segmentation: [[1, 2, 9, 2, 9, 9]] }],
        }),
      },
      'a polygon outside the image': {
        format: 'coco',
        file: 'a.json',
        text: JSON.stringify({
          images: [{ id: 1, file_name: '1.png' }],
          annotations: [{ image_id: 1, segmentation: [[900, 900, 990, 900, 990, 990]] }],
        }),
      },
      'a VOC object without a box': {
        format: 'voc',
        file: '1.xml',
        text: '<annotation><filename>1.png</filename><object><name>x</name></object></annotation>',
      },
    };

    it.each(Object.entries(unread))(
      'make no image normal and are reported: %s',
      async (_, { format, file, text }) => {
        await write(file, Buffer.from(text));
        const done = await importFrom(folder, { format, emptyIsNormal: true }).catch(
          (thrown: unknown) => thrown,
        );
        expect(done).toSatisfy(
          (outcome: { problems?: { kind: string }[]; code?: string }) =>
            outcome.code === 'NOT_FOUND' || !!outcome.problems?.some(({ kind }) => kind === 'mask-empty'),
        );
        expect(await revisions(images[1])).toEqual([]);
      },
    );
  });

  it('reads files with ids as text, rectangles as corners, or the folder of an image', async () => {
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
      await write(path, Buffer.from(text));
      expect(await importFrom(join(folder, dirname(path)), { format })).toMatchObject({ written: 1 });
    }
    expect((await revisions()).map(({ pixels }) => pixels)).toEqual([12, 18]);
    expect((await revisions(images[1])).map(({ pixels }) => pixels)).toEqual([12]);
    const reported = await importFrom(join(folder, 'coco'), { format: 'coco' });
    expect(reported?.type === 'done' && reported.problems.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('a.json, image_id 8: the dataset has no such image'),
    );
  });

  it('reports masks that do not match the size of their image', async () => {
    const of = (width: number, counts: unknown) =>
      Buffer.from(
        JSON.stringify({
          images: [{ id: 1, file_name: '0.png', width, height: HEIGHT }],
          annotations: [{ image_id: 1, segmentation: { size: [HEIGHT, width], counts } }],
        }),
      );
    for (const bytes of [of(WIDTH + 1, [1]), of(WIDTH, [5]), of(WIDTH, 'oooooooooo')]) {
      await write('a.json', bytes);
      const done = await importFrom(folder, { format: 'coco' }).catch((thrown: unknown) => thrown);
      expect(done).toSatisfy(
        (outcome: { problems?: unknown[]; code?: string }) =>
          outcome.problems?.length === 1 || outcome.code === 'NOT_FOUND',
      );
    }
    expect(await revisions()).toEqual([]);
  });

  it('reports unusable masks and reads the others', async () => {
    await write('linen/ground_truth/hole/0_mask.png', await drawing(3));
    await write('linen/ground_truth/hole/1_mask.png', await drawing(3, { width: 10, height: 10 }));
    await write('linen/ground_truth/hole/2_part3_mask.png', await half());
    await write('silk/ground_truth/hole/0_mask.png', await drawing(3));
    await write('linen/test/hole/0_mask.png', await drawing(3));
    const done = await importFrom(folder);
    expect(done).toMatchObject({ written: 1 });
    expect(done?.type === 'done' && done.problems.map(({ kind }) => kind).sort()).toEqual([
      'mask-size',
      'mask-unreadable',
      'mask-without-image',
    ]);
  });

  it('refuses a source without masks', async () => {
    await expect(importFrom(folder)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(importFrom(join(folder, 'missing'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('refuses to export if there are no masks, over existing files, and into a dataset', async () => {
    await expect(exportTo(join(folder, 'none'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await save(await drawing(), 0);
    await write('full/file.txt', Buffer.from('mine'));
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

  it('leaves no files behind when canceled', async () => {
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
