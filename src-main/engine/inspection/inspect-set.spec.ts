import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SetMethod } from '../../common/api/schemas.ts';
import { fallbackBackend } from '../../methods/backend/fallback-backend.ts';
import { colors } from '../../methods/extractors/colors.ts';
import { mutualScores } from '../../methods/set-statistics/mutual.ts';
import { noisyPng } from '../../services/runs/test/cloth.ts';
import type { Progress, ResponsePart } from '../protocol/messages.ts';
import type { NormalImage } from '../protocol/data-types.ts';
import { decodeImage } from '../readers/decode-image.ts';
import { handlerContext } from '../runtime/test/context.ts';
import { FeatureFiles } from '../../methods/set-statistics/feature-files.ts';
import { inspectSet } from './inspect-set.ts';
import { planSetMemory } from './set-memory.ts';

const SIDES = [12, 10, 12, 14, 12];
const method: SetMethod = {
  extractor: 'colors',
  set: 'mutual',
  parameters: { neighborhoods: 3, fraction: 0.5 },
};
let folder: string;
let set: NormalImage[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-set-'));
  set = [];
  for (const [at, side] of SIDES.entries()) {
    const path = join(folder, `${at}.png`);
    await writeFile(path, await noisyPng(at, side));
    set.push({ path });
  }
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Overrides = Parameters<typeof handlerContext>[0];
type Given = Partial<Parameters<typeof inspectSet>[0]>;

async function inspected(given: Given = {}, overrides: Overrides = {}) {
  const parts: ResponsePart[] = [];
  const request = { images: set, set, method, maxPixels: 1e6, provider: 'cpu', ...given } as const;
  const context = handlerContext({ ...overrides, sendPart: (part) => void parts.push(part) });
  await inspectSet({ ...request, features: join(folder, 'features') }, context);
  return parts;
}

const mapsOf = (parts: readonly ResponsePart[]) =>
  parts.flatMap((part) => (part.type === 'map' ? [part.answer.placed.map] : []));

async function defined(images: readonly NormalImage[]) {
  const features = await Promise.all(
    images.map(async ({ path }) => {
      const file = await decodeImage(path, { maxPixels: 1e6 });
      return (await colors.extract(file, handlerContext().runnerFor as never, { threads: 1 })).features;
    }),
  );
  const scales = { sides: [1, 3], layers: 1, fraction: 0.5 };
  return mutualScores(features, scales, [...features.keys()], fallbackBackend, { threads: 1 });
}

function expectClose(found: ReturnType<typeof mapsOf>, wanted: ReturnType<typeof mapsOf>) {
  expect(found).toHaveLength(wanted.length);
  for (const [at, { values, height, width }] of wanted.entries()) {
    expect(found[at]).toMatchObject({ height, width });
    for (const [i, value] of values.entries()) expect(found[at].values[i]).toBeCloseTo(value, 4);
  }
}

describe('inspecting a set', () => {
  it('gives the maps of the definition, for images of different sizes', async () => {
    expectClose(mapsOf(await inspected()), await defined(set));
  });

  it('gives the same maps to some of the images, and to images outside the set', async () => {
    const wanted = await defined(set);
    expectClose(mapsOf(await inspected({ images: [set[3], set[1]] })), [wanted[3], wanted[1]]);
    expectClose(mapsOf(await inspected({ set: set.slice(1), images: [set[0]] })), [wanted[0]]);
  });

  it('leaves no partial file, and extracts a damaged one again', async () => {
    const wanted = mapsOf(await inspected());
    const features = join(folder, 'features');
    const names = await readdir(features);
    expect(names.filter((name) => name.endsWith('.features'))).toHaveLength(SIDES.length);
    expect(names).toHaveLength(SIDES.length);
    await truncate(join(features, names[0]), 100);
    await rm(join(features, names[1]));
    expect(mapsOf(await inspected())).toEqual(wanted);
  });

  it('reports images that cannot be used, and compares the others without them', async () => {
    const wanted = await defined(set.slice(2));
    await writeFile(set[0].path, 'not an image');
    await rm(set[1].path);
    const [first, second, ...maps] = await inspected();
    expect(first).toMatchObject({
      type: 'unusable',
      image: set[0],
      error: { message: expect.stringContaining('0.png') },
    });
    expect(second).toMatchObject({ type: 'unusable', image: set[1], error: { code: 'NOT_FOUND' } });
    expectClose(mapsOf(maps), wanted);
    expect(maps[0]).toMatchObject({ answer: { chosen: { comparedImages: 2 } } });
  });

  it('fails if fewer than two images are usable', async () => {
    await expect(inspected({ images: [set[0]], set: [set[0]] })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('compares only what is inside the inspection region', async () => {
    const crop = { left: 0, top: 0, width: 5, height: 6 };
    const region = { include: [{ type: 'rectangle' as const, ...crop }], exclude: [], border: 0 };
    const single: SetMethod = { extractor: 'colors', set: 'mutual' };
    const maps = mapsOf(await inspected({ region, method: single }));
    const cropped = set.map((image) => ({ ...image, crop }));
    const wanted = mapsOf(await inspected({ images: cropped, set: cropped, method: single }));
    for (const [at, { values, width }] of maps.entries()) {
      const lowest = Math.min(...wanted[at].values);
      for (const [i, value] of values.entries()) {
        const [y, x] = [Math.floor(i / width), i % width];
        expect(value).toBeCloseTo(y < 6 && x < 5 ? wanted[at].values[5 * y + x] : lowest, 5);
      }
    }
  });

  it('averages neighborhoods inside the region as on the whole image', async () => {
    const region = {
      include: [{ type: 'rectangle' as const, left: 0, top: 0, width: 99, height: 99 }],
      exclude: [],
      border: 0,
    };
    expectClose(mapsOf(await inspected({ region })), await defined(set));
  });

  it('reports the estimate first, then progress that only grows', async () => {
    const reports: Progress[] = [];
    await inspected({}, { report: (progress) => void reports.push(progress) });
    const statistic = reports.filter(({ stage }) => stage === 'statistic');
    expect(statistic.findIndex(({ estimate }) => (estimate?.bytes ?? 0) > 0)).toBeLessThan(2);
    const fractions = statistic.map(({ fraction }) => fraction);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBeCloseTo(1);
  });

  it('can be canceled, and keeps its features', async () => {
    const stop = new AbortController();
    const report = ({ stage, fraction }: Progress) => {
      if (stage === 'statistic' && fraction > 0) stop.abort(new Error('stop'));
    };
    await expect(inspected({}, { report, signal: stop.signal })).rejects.toThrow('stop');
    expect(await readdir(join(folder, 'features'))).toHaveLength(SIDES.length);
  });
});

describe('the memory of a set', () => {
  const size = { featureBytes: 1e6, scoreBytes: 5e5, scored: 100, images: 100 };

  it('stays below the budget', () => {
    for (const budget of [8e6, 2e7, 1e8, 1e9]) {
      const plan = planSetMemory(size, budget);
      expect(plan.bytes).toBeLessThanOrEqual(budget);
      expect(3 * 1e6 * (plan.block + 1) + plan.group * 5e5 + plan.cachedBytes).toBeLessThanOrEqual(budget);
    }
    expect(planSetMemory(size, 1e9)).toMatchObject({ group: 100, block: 8 });
  });

  it('must hold two images', () => {
    expect(() => planSetMemory(size, 3e6)).toThrow(/100 images.*Resize/);
  });
});

it('removes the features that were used longest ago', async () => {
  await inspected();
  const files = new FeatureFiles(join(folder, 'features'));
  expect(await files.prune({ bytes: Infinity, ageMs: Infinity })).toEqual({ removed: 0, bytes: 0 });
  const { removed } = await files.prune({ bytes: 6000, ageMs: Infinity });
  expect(removed).toBeGreaterThan(0);
  expect((await files.prune({ bytes: 0, ageMs: Infinity })).removed).toBe(SIDES.length - removed);
});
