import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AnnotationFormatName, TransferEvent } from '../../common/api/annotation.ts';
import type { RollDirection } from '../../common/api/rolls.ts';
import { engine, never, root, setUpImports, temporary } from '../datasets/test/importing.ts';
import { lay, picture } from '../datasets/test/pictures.ts';
import { importRoll } from '../rolls/import-roll.ts';
import { type Annotation, openAnnotation } from './annotation.ts';

setUpImports();

/** Frames of different lengths, so that a swapped offset is seen. */
const LENGTHS = [20, 30, 10];
const WIDTH = 16;
const LENGTH = 60;
let annotation: Annotation;
beforeEach(() => {
  annotation = openAnnotation(temporary.store, engine);
});

/** Marks one pixel per 7 of the roll's length, across the border of the frames as well. */
const isMarked = (along: number, across: number) =>
  (along % 7 < 2 && across === along % WIDTH) || along === 20;

/** The gray mask of a part of the roll. */
async function maskPng(direction: RollDirection, from = 0, length = LENGTH): Promise<Buffer> {
  const [width, height] = direction === 'down' ? [WIDTH, length] : [length, WIDTH];
  const gray = Buffer.alloc(width * height);
  for (let along = 0; along < length; along++)
    for (let across = 0; across < WIDTH; across++) {
      const at = direction === 'down' ? along * width + across : across * width + along;
      if (isMarked(from + along, across)) gray[at] = 255;
    }
  return sharp(gray, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

async function rollOf(direction: RollDirection): Promise<{ image: number; dataset: number }> {
  const size = (length: number) =>
    direction === 'down' ? ([WIDTH, length] as const) : ([length, WIDTH] as const);
  await lay(
    root,
    Object.fromEntries(LENGTHS.map((length, at) => [`q/fr/${at + 1}.png`, picture(at, ...size(length))])),
  );
  return imported('q/fr', direction);
}

async function imported(path: string, direction: RollDirection): Promise<{ image: number; dataset: number }> {
  const source = { source: { path: join(root, path) }, direction };
  for await (const event of importRoll(source, { store: temporary.store, engine }, never))
    if (event.type === 'imported') return event.roll;
  throw new Error('The import ended without a roll.');
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), bytes);
}

async function last(events: ReturnType<Annotation['import']>): Promise<TransferEvent | undefined> {
  let found: TransferEvent | undefined;
  for await (const event of await events) found = event;
  return found;
}

const importFrom = (dataset: number, folder: string, format: AnnotationFormatName = 'mvtec') =>
  last(
    annotation.import(
      { dataset, folder: join(root, folder), author: 'Ada', format, emptyIsNormal: false },
      never,
    ),
  );

/** The gray values of the roll's mask in the store. */
async function stored(image: number): Promise<Buffer> {
  const { mask } = temporary.store.images.get(image);
  return grayOf(await temporary.store.blobs.read(mask ?? ''));
}
const grayOf = (png: Uint8Array) => sharp(png).toColourspace('b-w').raw().toBuffer();

describe.each(['down', 'right'] as const)('ground truth of frames stacked %s', (direction) => {
  it.each([
    'q/ground_truth/hole/fr_mask.png',
    'q/ground_truth/fr_mask.png',
    'q/ground_truth/fr.png',
    'Q/GroundTruth/stain/FR_GT.png',
  ])('is one mask of the whole roll: %s', async (file) => {
    const { image, dataset } = await rollOf(direction);
    await write(`m/${file}`, await maskPng(direction));
    expect(await importFrom(dataset, 'm')).toMatchObject({ written: 1, problems: [] });
    expect(await stored(image)).toEqual(await grayOf(await maskPng(direction)));
  });

  it.each(['q/ground_truth/fr/', 'q/ground_truth/hole/fr/'])('is a mask per frame: %s', async (folder) => {
    const { image, dataset } = await rollOf(direction);
    let from = 0;
    for (const [at, length] of LENGTHS.entries()) {
      const suffix = at === 0 ? '_mask' : '';
      await write(`m/${folder}${at + 1}${suffix}.png`, await maskPng(direction, from, length));
      from += length;
    }
    expect(await importFrom(dataset, 'm')).toMatchObject({ written: 1, problems: [] });
    expect(await stored(image)).toEqual(await grayOf(await maskPng(direction)));
    // The stacked mask is the same file as that of the whole roll.
    await write('whole/q/ground_truth/fr_mask.png', await maskPng(direction));
    expect(await importFrom(dataset, 'whole')).toMatchObject({ written: 0, unchanged: 1 });
  });

  it('comes back from every format that keeps shapes', async () => {
    const { dataset } = await rollOf(direction);
    await write('m/q/ground_truth/fr_mask.png', await maskPng(direction));
    await importFrom(dataset, 'm');
    for (const format of ['mvtec', 'coco', 'labelme'] as const) {
      const folder = join(root, `exported-${format}`);
      expect(await last(annotation.export({ dataset, folder, format }, never))).toMatchObject({ written: 1 });
      expect(await importFrom(dataset, `exported-${format}`, format)).toMatchObject({
        written: 0,
        unchanged: 1,
      });
    }
  });
});

describe('masks of frames', () => {
  it('that are missing count as normal, which a note says', async () => {
    const { image, dataset } = await rollOf('down');
    await write('m/q/ground_truth/fr/2.png', await maskPng('down', 20, 30));
    expect(await importFrom(dataset, 'm')).toMatchObject({
      written: 1,
      problems: [
        { kind: 'note', message: expect.stringContaining('2 of 3 frames of fr have no mask') as string },
      ],
    });
    const expected = await grayOf(await maskPng('down'));
    expected.fill(0, 0, 20 * WIDTH).fill(0, 50 * WIDTH);
    expect(await stored(image)).toEqual(expected);
  });

  it('of two kinds are merged', async () => {
    const { image, dataset } = await rollOf('down');
    const [first, second] = [await maskPng('down', 0, 20), await maskPng('down', 3, 20)];
    await write('m/q/ground_truth/hole/fr/1.png', first);
    await write('m/q/ground_truth/stain/fr/1.png', second);
    expect(await importFrom(dataset, 'm')).toMatchObject({ written: 1 });
    const [a, b] = [await grayOf(first), await grayOf(second)];
    expect((await stored(image)).subarray(0, 20 * WIDTH)).toEqual(a.map((value, at) => value | b[at]));
  });

  it('with the name of no frame, or another size, are named', async () => {
    const { dataset } = await rollOf('down');
    await write('m/q/ground_truth/hole/fr/9.png', await maskPng('down', 0, 20));
    expect(await importFrom(dataset, 'm')).toMatchObject({
      written: 0,
      problems: [
        {
          kind: 'mask-without-image',
          path: 'q/ground_truth/hole/fr/9.png',
          message: expect.stringContaining('belongs to no frame of the roll fr') as string,
        },
      ],
    });
    await write('n/q/ground_truth/fr/1.png', await maskPng('down', 0, 30));
    expect(await importFrom(dataset, 'n')).toMatchObject({
      written: 0,
      problems: [{ kind: 'note' }, { kind: 'mask-size', path: 'q/ground_truth/fr/1.png' }],
    });
  });

  it('are skipped where the whole roll has a mask', async () => {
    const { image, dataset } = await rollOf('down');
    await write('m/q/ground_truth/fr/1.png', await maskPng('down', 0, 20));
    await write('m/q/ground_truth/fr_mask.png', await maskPng('down'));
    expect(await importFrom(dataset, 'm')).toMatchObject({
      written: 1,
      problems: [{ kind: 'ambiguous', path: 'q/ground_truth/fr/1.png' }],
    });
    expect(await stored(image)).toEqual(await grayOf(await maskPng('down')));
  });
});

it('an image without a defect type has a mask of any kind', async () => {
  const { dataset } = await rollOf('down');
  await lay(root, { 'q/b.png': picture(7, 16, 60) });
  await imported('q/b.png', 'down');
  await write('m/q/ground_truth/hole/b_mask.png', await maskPng('down'));
  expect(await importFrom(dataset, 'm')).toMatchObject({ written: 1, problems: [] });
});
