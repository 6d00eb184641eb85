import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeMaskPng } from '../../common/maps/mask-png.ts';
import { runsOf } from '../../common/maps/mask-runs.ts';
import { fixture } from '../readers/test/fixtures.ts';
import { mergeLargeMasks, readLargeMask } from './large-mask.ts';
import { readMask } from './mask.ts';
import { mergeMasks, readImageMask } from './merge-masks.ts';
import { normalizeMask } from './normalize-mask.ts';

const MAX_PIXELS = 1e6;
const { signal } = new AbortController();
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'perch-large-mask-'));
  vi.stubEnv('PERCH_HOME', home);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

async function imageOf(path: string) {
  const { width, height } = await readMask(path, MAX_PIXELS);
  return { path: 'image.tif', width, height, orientation: 1 };
}

const KINDS = [
  'mask-0-1.png',
  'mask-0-1.bmp',
  'mask-0-2.png',
  'mask-0-255.png',
  'mask-1bit.png',
  'mask-16bit-0-1.tif',
  'mask-16bit-background-600.tif',
  'mask-black.png',
  'mask-inverted.png',
  'mask-pages.tif',
  'mask-quality90.jpg',
  'mask-red-40-percent.png',
  'mask-rgb.png',
  'mask-soft.png',
  'mask-voc.png',
  'mask.pgm',
];

describe('a mask that is read by bands', () => {
  it.each(KINDS)('is that of the whole file: %s', async (name) => {
    const path = fixture(name);
    const image = await imageOf(path);
    const whole = await readImageMask(path, image, MAX_PIXELS);
    const found = await readLargeMask(path, image);
    expect(found.runs).toEqual(
      runsOf(
        whole.values.map((value) => 255 * value),
        whole.width,
      ),
    );
    expect(found.problems).toEqual(whole.problems);
  });

  it('is merged with the others of its image, and unusable ones are reported', async () => {
    const paths = ['mask-inverted.png', 'mask-0-255.png', 'no-such-mask.png'].map(fixture);
    const image = await imageOf(paths[0]);
    const whole = await mergeMasks(paths, image, MAX_PIXELS);
    const { mask, problems } = await mergeLargeMasks(paths, image, signal);
    expect(mask?.pixels).toBe(whole.mask?.values.reduce((sum, value) => sum + value, 0));
    expect(problems).toEqual(whole.problems);
    expect((await mergeLargeMasks([paths[0]], { ...image, width: 3 }, signal)).problems).toMatchObject([
      { kind: 'mask-size', path: paths[0] },
    ]);
    expect((await mergeLargeMasks([], image, signal)).mask).toBeUndefined();
  });

  it('is stored as a drawn mask is', async () => {
    const path = fixture('mask-0-1.png');
    const { width, height } = await imageOf(path);
    const stored = await normalizeMask({ mask: { path, maxPixels: 1 }, width, height });
    const whole = await normalizeMask({ mask: { path, maxPixels: MAX_PIXELS }, width, height });
    expect(stored.pixels).toBe(whole.pixels);
    expect(await decodeMaskPng(stored.png)).toEqual(await decodeMaskPng(whole.png as Uint8Array));
  });
});
