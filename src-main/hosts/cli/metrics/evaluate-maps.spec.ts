import { cp, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ClassMetrics } from '../../../metrics/metric-accumulator.ts';
import { meanMetrics } from '../../../metrics/mean-metrics.ts';
import { writeNpy } from '../../../common/maps/npy.ts';
import { floatTiff } from '../../../test/float-tiff.ts';
import { findMaps } from '../../../services/evaluation/match-maps-to-masks.ts';
import { evaluateMaps } from './evaluate-maps.ts';

const [width, height] = [12, 10];
const NAMES = ['scratch/000', 'scratch/001', 'good/002'];
let folder: string;
let maps: string;
let masks: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-metrics-'));
  maps = join(folder, 'maps');
  masks = join(folder, 'ground_truth');
  for (const [at, name] of NAMES.entries()) await writeMap(maps, name, scoresOf(at + 1));
  await writeMask('scratch/000');
  await writeMask('scratch/001');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Whole numbers, which 16-bit images can also store. */
const scoresOf = (seed: number) =>
  Float32Array.from({ length: width * height }, (_, i) => ((i + seed) * 7919 * seed) % 251);

async function writeMap(
  below: string,
  name: string,
  values: Float32Array,
  shape = [height, width],
): Promise<void> {
  const path = join(below, `${name}.npy`);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, writeNpy({ shape, values }));
}

async function writeMask(name: string): Promise<void> {
  const mask = new Uint8Array(width * height);
  for (let y = 2; y < 6; y++) for (let x = 3; x < 8; x++) mask[y * width + x] = 255;
  const path = join(masks, `${name}_mask.png`);
  await mkdir(join(path, '..'), { recursive: true });
  await sharp(mask, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .toFile(path);
}

const deepPng = (scores: Float32Array) =>
  sharp(Uint16Array.from(scores), { raw: { width, height, channels: 1 } })
    .toColourspace('grey16')
    .png()
    .toBuffer();

/** Evaluates every class of the folders. */
async function evaluate(
  mapsFolder = maps,
  masksFolder = masks,
  ignoreBorder = 0,
): Promise<Record<string, ClassMetrics>> {
  const metrics: Record<string, ClassMetrics> = {};
  const { classes, notes } = await findMaps(mapsFolder, masksFolder);
  lastNotes = notes;
  for (const ofClass of classes) {
    const evaluated = await evaluateMaps(ofClass, { ignoreBorder, proFprLimit: 0.3 }, () => {});
    metrics[ofClass.textureClass] = evaluated.metrics;
    lastNotes.push(...evaluated.notes);
  }
  return metrics;
}

/** The notes of the last evaluation. */
let lastNotes: string[] = [];

/** Evaluates a changed copy of the folders. */
async function evaluateChanged(change: (copy: string) => Promise<unknown>): Promise<unknown> {
  const copy = await mkdtemp(join(tmpdir(), 'perch-metrics-'));
  try {
    await cp(maps, join(copy, 'maps'), { recursive: true });
    await cp(masks, join(copy, 'ground_truth'), { recursive: true });
    await change(copy);
    return await evaluate(join(copy, 'maps'), join(copy, 'ground_truth'));
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

it.each(['tiff', 'png'] as const)('gives maps in %s format the same metrics as NPY', async (format) => {
  const others = join(folder, format);
  for (const [at, name] of NAMES.entries()) {
    await mkdir(join(others, name, '..'), { recursive: true });
    const scores = scoresOf(at + 1);
    const bytes = format === 'tiff' ? floatTiff(scores, width) : await deepPng(scores);
    await writeFile(join(others, `${name}.${format}`), bytes);
  }
  expect((await evaluate(others))[format]).toEqual((await evaluate()).maps);
});

it('evaluates several classes separately, and their mean', async () => {
  const both = join(folder, 'both');
  for (const name of ['carpet', 'tile']) {
    await cp(maps, join(both, 'maps', name, 'test'), { recursive: true });
    await cp(masks, join(both, 'masks', name, 'ground_truth'), { recursive: true });
  }
  await writeMap(join(both, 'maps/tile/test'), 'good/002', scoresOf(9));
  const { carpet, tile, ...others } = await evaluate(join(both, 'maps'), join(both, 'masks'));
  expect(others).toEqual({});
  expect(carpet.auroc).not.toBe(tile.auroc);
  const mean = meanMetrics([carpet, tile]);
  expect(mean.auroc).toBeCloseTo(((carpet.auroc ?? NaN) + (tile.auroc ?? NaN)) / 2, 12);
  expect(mean).toMatchObject({ images: 6, anomalousImages: 4, regions: 4, f1MaxThreshold: null });
});

it('treats maps without masks and without folders of defect types as normal', async () => {
  const flat = join(folder, 'flat');
  await cp(join(maps, 'scratch'), join(flat, 'maps'), { recursive: true });
  await cp(join(maps, 'good'), join(flat, 'maps'), { recursive: true });
  await cp(join(masks, 'scratch'), join(flat, 'masks'), { recursive: true });
  expect((await evaluate(join(flat, 'maps'), join(flat, 'masks'))).maps).toEqual((await evaluate()).maps);
});

it('ignores the border in all metrics', async () => {
  const { maps: cut } = await evaluate(maps, masks, 4);
  expect(cut.regions).toBe(2);
  expect(cut.auroc).not.toBe((await evaluate()).maps.auroc);
  await expect(evaluate(maps, masks, 5)).rejects.toThrow(/A border of 5 px covers all of an image/);
});

it('resizes a map to its mask if it has the same proportions or is square', async () => {
  const small = join(folder, 'small');
  for (const name of NAMES) {
    const shape = name === 'scratch/000' ? [8, 8] : [5, 6];
    await writeMap(small, name, scoresOf(4).slice(0, shape[0] * shape[1]), shape);
  }
  expect((await evaluate(small)).small).toMatchObject({ images: 3, regions: 2 });
});

const map = (copy: string) => join(copy, 'maps/scratch/001.npy');
const mask = (copy: string) => join(copy, 'ground_truth/scratch/001_mask.png');
const rewrite = (shape: number[], values: Float32Array) => (copy: string) =>
  writeFile(map(copy), writeNpy({ shape, values }));

it.each([
  ['a missing map', (copy: string) => rm(map(copy)), /001_mask\.png has no map: .*001\.npy does not/],
  ['a truncated map', (copy: string) => truncate(map(copy), 200), /001\.npy is not a readable NPY file/],
  ['a truncated mask', (copy: string) => truncate(mask(copy), 60), /001_mask\.png is not an image/],
  [
    'other proportions',
    rewrite([12, 10], scoresOf(2)),
    /001\.npy is 10 x 12, but its mask .*001_mask\.png is 12 x 10/,
  ],
  ['three axes', rewrite([2, 6, 10], scoresOf(2)), /001\.npy .*its shape is 2 x 6 x 10/],
  ['a NaN', rewrite([height, width], scoresOf(2).fill(NaN, 7, 8)), /001\.npy .*score at row .* is NaN/],
  ['no folder', (copy: string) => rm(join(copy, 'maps'), { recursive: true }), /maps does not exist/],
  [
    'two maps',
    (copy: string) => cp(map(copy), map(copy).replace('.npy', '.tiff')),
    /belong to the same image/,
  ],
])('rejects %s and names the file', async (_, change, reason) => {
  await expect(evaluateChanged(change)).rejects.toThrow(reason);
});

/** Copies the folders, with maps and masks renamed. */
async function renamed(
  target: string,
  nameOfMap: (name: string) => string,
  nameOfMask: (name: string) => string,
) {
  const copy = join(folder, target);
  for (const name of NAMES) {
    await cp(join(maps, `${name}.npy`), join(copy, 'maps', nameOfMap(name)));
    if (!name.startsWith('good'))
      await cp(join(masks, `${name}_mask.png`), join(copy, 'masks', nameOfMask(name)));
  }
  return [join(copy, 'maps'), join(copy, 'masks')] as const;
}

it.each([
  ['in another case', (name: string) => `${name.toUpperCase()}.npy`, (name: string) => `${name}_MASK.PNG`],
  [
    'with other words',
    (name: string) => `${name.replace('good', 'ok')}.map.npy`,
    (name: string) => `${name}_GT.png`,
  ],
  [
    'below folders of splits',
    (name: string) => `Test/${name}.npy`,
    (name: string) => `GroundTruth/${name}.png`,
  ],
  [
    'in another Unicode form',
    (name: string) => `ü/${name}.npy`.normalize('NFC'),
    (name: string) => `ü/${name}_mask.png`.normalize('NFD'),
  ],
])('matches names %s', async (name, nameOfMap, nameOfMask) => {
  const [expected] = Object.values(await evaluate());
  const [found] = Object.values(await evaluate(...(await renamed(name, nameOfMap, nameOfMask))));
  expect(found).toEqual(expected);
});

it('skips hidden files and other formats', async () => {
  const copy = join(folder, 'hidden');
  await cp(maps, join(copy, 'maps'), { recursive: true });
  await cp(masks, join(copy, 'masks'), { recursive: true });
  await writeFile(join(copy, 'maps/scratch/._000.npy'), 'x');
  await writeFile(join(copy, 'masks/scratch/._000_mask.png'), 'x');
  await writeFile(join(copy, 'masks/scratch/notes.txt'), 'x');
  expect((await evaluate(join(copy, 'maps'), join(copy, 'masks'))).maps).toEqual((await evaluate()).maps);
});

it('reads the maps that an inspection wrote, and not its images', async () => {
  const copy = join(folder, 'own');
  for (const name of NAMES) {
    await cp(join(maps, `${name}.npy`), join(copy, `${name}.map.npy`));
    await writeFile(join(copy, `${name}.heatmap.png`), 'x');
    await writeFile(join(copy, `${name}.mask.png`), 'x');
  }
  expect((await evaluate(copy)).own).toEqual((await evaluate()).maps);
});

it('reads masks in JPEG format', async () => {
  const copy = join(folder, 'jpeg');
  for (const name of NAMES.slice(0, 2)) {
    await mkdir(join(copy, name, '..'), { recursive: true });
    await sharp(join(masks, `${name}_mask.png`))
      .jpeg({ quality: 100 })
      .toFile(join(copy, `${name}.jpg`));
  }
  expect((await evaluate(maps, copy)).maps).toEqual((await evaluate()).maps);
});

it('counts a defective image without a usable mask only in image-level metrics, with a note', async () => {
  const copy = join(folder, 'bare');
  await cp(masks, copy, { recursive: true });
  await rm(join(copy, 'scratch/001_mask.png'));
  const { maps: one } = await evaluate(maps, copy);
  expect(one).toMatchObject({ images: 3, anomalousImages: 2, imagesWithoutMask: 1, regions: 1 });
  expect(one.imageAuroc).toBe((await evaluate()).maps.imageAuroc);
  await evaluate(maps, copy);
  expect(lastNotes.join('\n')).toMatch(/maps: 3 maps, 1 with a mask.*001\.npy/);
  await sharp(new Uint8Array(width * height), { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .toFile(join(copy, 'scratch/001_mask.png'));
  expect((await evaluate(maps, copy)).maps).toEqual(one);
  expect(lastNotes.join('\n')).toMatch(/001_mask\.png is empty/);
});

it('computes image-level metrics without masks, and rejects masks that match no map', async () => {
  const none = join(folder, 'none');
  await mkdir(none);
  const { maps: metrics } = await evaluate(maps, none);
  expect(metrics).toMatchObject({ auroc: null, auPro: null, images: 3, imagesWithoutMask: 2 });
  expect(metrics.imageAuroc).toBe((await evaluate()).maps.imageAuroc);
  await cp(join(masks, 'scratch/000_mask.png'), join(none, 'other/9.png'));
  await expect(evaluate(maps, none)).rejects.toThrow(/No mask matches a map: .*9\.png/);
});

it("keeps an image's label when the border is ignored", async () => {
  const { maps: cut } = await evaluate(maps, masks, 4);
  expect(cut).toMatchObject({ anomalousImages: 2, images: 3 });
});
