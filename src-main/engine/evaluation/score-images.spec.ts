import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeNpy } from '../../common/maps/npy.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import { handlerContext } from '../runtime/test/context.ts';
import { scoreImages } from './score-images.ts';

type Request = EngineRequests['scoreImages']['request'];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-scores-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const settings: Request['settings'] = {
  region: null,
  sizeLimits: { unit: 'positions', minArea: 1, minLength: 0 },
  edgeMargin: 0,
  mmPerPixel: null,
  reviewThreshold: null,
};

/** A map of 6 x 4 positions on an image of 24 x 16 pixels: a peak of 1, a column of 3 at 0.75, and 0.5 in the right half. */
const values = Float32Array.from(
  [
    [0, 0, 0, 0.5, 0.5, 0.5],
    [0, 1, 0, 0.5, 0.75, 0.5],
    [0, 0, 0, 0.5, 0.75, 0.5],
    [0, 0, 0, 0.5, 0.75, 0.5],
  ].flat(),
);
const placement = { width: 24, height: 16, extentWidth: 24, extentHeight: 16 };

async function score(
  { maps, ...changed }: Partial<Request['settings'] & Pick<Request, 'maps'>>,
  context = handlerContext(),
): Promise<unknown> {
  const path = join(folder, 'map');
  await writeFile(path, writeNpy({ shape: [4, 6], values }));
  const request = { maps: maps ?? [{ path, placement }], settings: { ...settings, ...changed } };
  return (await scoreImages(request, context)).scores[0];
}

it.each([
  ['without limits, the maximum', 'positions', 1, 0, null, 1],
  ['the highest score of a region of the required area', 'positions', 2, 0, null, 0.75],
  ['an area of pixels', 'px', 3 * 16, 0, null, 0.75],
  ['a larger area of pixels', 'px', 3 * 16 + 1, 0, null, 0.5],
  ['an area of square millimeters', 'mm', 12, 0, 0.5, 0.75],
  ['a larger area of square millimeters', 'mm', 12.1, 0, 0.5, 0.5],
  ['a length in positions', 'positions', 1, 3, null, 0.75],
  ['a length in pixels', 'px', 0, 13, null, 0.5],
  ['a length in millimeters', 'mm', 0, 6.1, 0.5, 0.75],
  ['no score if no region can be large enough', 'positions', 25, 0, null, null],
] as const)('gives %s', async (_, unit, minArea, minLength, mmPerPixel, expected) => {
  expect(await score({ sizeLimits: { unit, minArea, minLength }, mmPerPixel })).toEqual({ score: expected });
});

it('considers only the inspection region inside the image', async () => {
  const left = { type: 'rectangle' as const, left: 0, top: 0, width: 12, height: 16 };
  expect(await score({ region: { include: [], exclude: [left], border: 0 } })).toEqual({ score: 0.75 });
  const padded = { ...placement, width: 4 };
  expect(await score({ maps: [{ path: join(folder, 'map'), placement: padded }] })).toEqual({ score: 0 });
});

it("ignores the image's edge margin", async () => {
  expect(await score({ edgeMargin: 1 })).toEqual({ score: 1 });
  expect(
    await score({
      edgeMargin: 1,
      maps: [{ path: join(folder, 'map'), placement: { ...placement, width: 8 } }],
    }),
  ).toEqual({
    score: null,
  });
  const limits = { unit: 'positions' as const, minArea: 3, minLength: 0 };
  expect(await score({ edgeMargin: 1, sizeLimits: limits })).toEqual({ score: 0.5 });
  expect(await score({ edgeMargin: 2 })).toEqual({ score: null });
});

it('measures the regions of the required size above the review threshold, in the unit of the limits', async () => {
  const limits = (minArea: number) => ({ unit: 'px' as const, minArea, minLength: 0 });
  expect(await score({ sizeLimits: limits(16), reviewThreshold: 0.75 })).toEqual({
    score: 1,
    regions: { count: 2, area: 4 * 16 },
  });
  expect(await score({ sizeLimits: limits(17), reviewThreshold: 0.75 })).toMatchObject({
    regions: { count: 1, area: 3 * 16 },
  });
});

it('scores maps of several sizes in their order', async () => {
  const paths = await Promise.all(
    [1, 2, 3].map(async (side) => {
      const path = join(folder, `${side}`);
      await writeFile(path, writeNpy({ shape: [side, 1], values: new Float32Array(side).fill(side) }));
      return { path, placement: { width: 1, height: side, extentWidth: 1, extentHeight: side } };
    }),
  );
  const { scores } = await scoreImages(
    {
      maps: [...paths, paths[0]],
      settings: { ...settings, sizeLimits: { unit: 'positions', minArea: 2, minLength: 0 } },
    },
    handlerContext(),
  );
  expect(scores).toEqual([null, 2, 3, null].map((score) => ({ score })));
});

it('names a missing map, and stops when it is canceled', async () => {
  const maps = [{ path: join(folder, 'absent'), placement }];
  expect(await score({ maps })).toMatchObject({
    error: { code: 'NOT_FOUND', message: expect.stringContaining(maps[0].path) as string },
  });
  const context = handlerContext({ signal: AbortSignal.abort(new Error('enough')) });
  await expect(score({}, context)).rejects.toThrow('enough');
});
