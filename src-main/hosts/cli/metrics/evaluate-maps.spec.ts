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

/** Whole numbers, so that 16 bits hold them too. */
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

/** Metrics of every class below the folders. */
async function measured(
  mapsFolder = maps,
  masksFolder = masks,
  ignoreBorder = 0,
): Promise<Record<string, ClassMetrics>> {
  const metrics: Record<string, ClassMetrics> = {};
  const { classes, notes } = await findMaps(mapsFolder, masksFolder);
  told = notes;
  for (const one of classes) {
    const measuredOne = await evaluateMaps(one, { ignoreBorder, proFprLimit: 0.3 }, () => {});
    metrics[one.textureClass] = measuredOne.metrics;
    told.push(...measuredOne.notes);
  }
  return metrics;
}

/** What was told when metrics were made last. */
let told: string[] = [];

/** Measures a copy of the folders after something was done to it. */
async function spoiled(spoil: (copy: string) => Promise<unknown>): Promise<unknown> {
  const copy = await mkdtemp(join(tmpdir(), 'perch-metrics-'));
  try {
    await cp(maps, join(copy, 'maps'), { recursive: true });
    await cp(masks, join(copy, 'ground_truth'), { recursive: true });
    await spoil(copy);
    return await measured(join(copy, 'maps'), join(copy, 'ground_truth'));
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

it.each(['tiff', 'png'] as const)('maps as %s have the metrics of the same maps as NPY', async (format) => {
  const others = join(folder, format);
  for (const [at, name] of NAMES.entries()) {
    await mkdir(join(others, name, '..'), { recursive: true });
    const scores = scoresOf(at + 1);
    const bytes = format === 'tiff' ? floatTiff(scores, width) : await deepPng(scores);
    await writeFile(join(others, `${name}.${format}`), bytes);
  }
  expect((await measured(others))[format]).toEqual((await measured()).maps);
});

it('classes beside each other are measured apart, and their mean', async () => {
  const both = join(folder, 'both');
  for (const name of ['carpet', 'tile']) {
    await cp(maps, join(both, 'maps', name, 'test'), { recursive: true });
    await cp(masks, join(both, 'masks', name, 'ground_truth'), { recursive: true });
  }
  await writeMap(join(both, 'maps/tile/test'), 'good/002', scoresOf(9));
  const { carpet, tile, ...others } = await measured(join(both, 'maps'), join(both, 'masks'));
  expect(others).toEqual({});
  expect(carpet.auroc).not.toBe(tile.auroc);
  const mean = meanMetrics([carpet, tile]);
  expect(mean.auroc).toBeCloseTo(((carpet.auroc ?? NaN) + (tile.auroc ?? NaN)) / 2, 12);
  expect(mean).toMatchObject({ images: 6, anomalousImages: 4, regions: 4, f1MaxThreshold: null });
});

it('maps without folders of kinds are normal where they have no mask', async () => {
  const flat = join(folder, 'flat');
  await cp(join(maps, 'scratch'), join(flat, 'maps'), { recursive: true });
  await cp(join(maps, 'good'), join(flat, 'maps'), { recursive: true });
  await cp(join(masks, 'scratch'), join(flat, 'masks'), { recursive: true });
  expect((await measured(join(flat, 'maps'), join(flat, 'masks'))).maps).toEqual((await measured()).maps);
});

it('the border is cut before any metric', async () => {
  const { maps: cut } = await measured(maps, masks, 4);
  expect(cut.regions).toBe(2);
  expect(cut.auroc).not.toBe((await measured()).maps.auroc);
  await expect(measured(maps, masks, 5)).rejects.toThrow(/A border of 5 px leaves nothing/);
});

it('a map of its mask’s proportions, or a square one, is resized to it', async () => {
  const small = join(folder, 'small');
  for (const name of NAMES) {
    const shape = name === 'scratch/000' ? [8, 8] : [5, 6];
    await writeMap(small, name, scoresOf(4).slice(0, shape[0] * shape[1]), shape);
  }
  expect((await measured(small)).small).toMatchObject({ images: 3, regions: 2 });
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
    /001\.npy is 10 x 12, its mask .*001_mask\.png 12 x 10/,
  ],
  ['three axes', rewrite([2, 6, 10], scoresOf(2)), /001\.npy .*its shape is 2 x 6 x 10/],
  ['a NaN', rewrite([height, width], scoresOf(2).fill(NaN, 7, 8)), /001\.npy .*score at row .* is NaN/],
  ['no folder', (copy: string) => rm(join(copy, 'maps'), { recursive: true }), /maps does not exist/],
  ['two maps', (copy: string) => cp(map(copy), map(copy).replace('.npy', '.tiff')), /are of the same image/],
])('%s is refused by name', async (_, spoil, reason) => {
  await expect(spoiled(spoil)).rejects.toThrow(reason);
});

/** The folders of `measured` with maps and masks under other names. */
async function renamed(
  name: string,
  nameOfMap: (name: string) => string,
  nameOfMask: (name: string) => string,
) {
  const copy = join(folder, name);
  for (const of of NAMES) {
    await cp(join(maps, `${of}.npy`), join(copy, 'maps', nameOfMap(of)));
    if (!of.startsWith('good')) await cp(join(masks, `${of}_mask.png`), join(copy, 'masks', nameOfMask(of)));
  }
  return [join(copy, 'maps'), join(copy, 'masks')] as const;
}

it.each([
  ['in other case', (of: string) => `${of.toUpperCase()}.npy`, (of: string) => `${of}_MASK.PNG`],
  ['with other words', (of: string) => `${of.replace('good', 'ok')}.map.npy`, (of: string) => `${of}_GT.png`],
  ['below folders of splits', (of: string) => `Test/${of}.npy`, (of: string) => `GroundTruth/${of}.png`],
  [
    'in another Unicode form',
    (of: string) => `ü/${of}.npy`.normalize('NFC'),
    (of: string) => `ü/${of}_mask.png`.normalize('NFD'),
  ],
])('names count %s', async (name, nameOfMap, nameOfMask) => {
  const [expected] = Object.values(await measured());
  const [found] = Object.values(await measured(...(await renamed(name, nameOfMap, nameOfMask))));
  expect(found).toEqual(expected);
});

it('hidden files and those of other formats are none', async () => {
  const copy = join(folder, 'hidden');
  await cp(maps, join(copy, 'maps'), { recursive: true });
  await cp(masks, join(copy, 'masks'), { recursive: true });
  await writeFile(join(copy, 'maps/scratch/._000.npy'), 'x');
  await writeFile(join(copy, 'masks/scratch/._000_mask.png'), 'x');
  await writeFile(join(copy, 'masks/scratch/notes.txt'), 'x');
  expect((await measured(join(copy, 'maps'), join(copy, 'masks'))).maps).toEqual((await measured()).maps);
});

it('of what an inspection wrote the maps count, not their pictures', async () => {
  const copy = join(folder, 'own');
  for (const of of NAMES) {
    await cp(join(maps, `${of}.npy`), join(copy, `${of}.map.npy`));
    await writeFile(join(copy, `${of}.heatmap.png`), 'x');
    await writeFile(join(copy, `${of}.mask.png`), 'x');
  }
  expect((await measured(copy)).own).toEqual((await measured()).maps);
});

it('masks may be JPEG', async () => {
  const copy = join(folder, 'jpeg');
  for (const of of NAMES.slice(0, 2)) {
    await mkdir(join(copy, of, '..'), { recursive: true });
    await sharp(join(masks, `${of}_mask.png`))
      .jpeg({ quality: 100 })
      .toFile(join(copy, `${of}.jpg`));
  }
  expect((await measured(maps, copy)).maps).toEqual((await measured()).maps);
});

it('a defective image without a usable mask counts as a whole, and is told', async () => {
  const copy = join(folder, 'bare');
  await cp(masks, copy, { recursive: true });
  await rm(join(copy, 'scratch/001_mask.png'));
  const { maps: one } = await measured(maps, copy);
  expect(one).toMatchObject({ images: 3, anomalousImages: 2, imagesWithoutMask: 1, regions: 1 });
  expect(one.imageAuroc).toBe((await measured()).maps.imageAuroc);
  await measured(maps, copy);
  expect(told.join('\n')).toMatch(/maps: 3 maps, 1 with a mask.*001\.npy/);
  await sharp(new Uint8Array(width * height), { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .toFile(join(copy, 'scratch/001_mask.png'));
  expect((await measured(maps, copy)).maps).toEqual(one);
  expect(told.join('\n')).toMatch(/001_mask\.png marks nothing/);
});

it('without any mask there are image metrics alone; masks that fit no map are refused', async () => {
  const none = join(folder, 'none');
  await mkdir(none);
  const { maps: metrics } = await measured(maps, none);
  expect(metrics).toMatchObject({ auroc: null, auPro: null, images: 3, imagesWithoutMask: 2 });
  expect(metrics.imageAuroc).toBe((await measured()).maps.imageAuroc);
  await cp(join(masks, 'scratch/000_mask.png'), join(none, 'other/9.png'));
  await expect(measured(maps, none)).rejects.toThrow(/No mask fits a map: .*9\.png/);
});

it('the label of an image does not change with the border', async () => {
  const { maps: cut } = await measured(maps, masks, 4);
  expect(cut).toMatchObject({ anomalousImages: 2, images: 3 });
});
