import { expect, it } from 'vitest';
import { DEFAULT_SIZE_LIMITS, type RecipeDefinition } from '../../common/api/recipes.ts';
import { defaultMethod } from '../methods/method-options.ts';
import { describeChanges } from './describe-changes.ts';

const before: RecipeDefinition = {
  classes: ['linen'],
  method: defaultMethod,
  modelSha256: 'a'.repeat(64),
  region: null,
  sizeLimits: DEFAULT_SIZE_LIMITS,
  edgeMargin: 1,
  thresholds: null,
  mmPerPixel: null,
  regionLimits: { maxCount: null, maxTotalArea: null },
  displayRange: null,
  calibration: null,
};
const changes = (part: Partial<RecipeDefinition>) => describeChanges(before, { ...before, ...part });

it('has a line for each field that differs, in the order of the definition', () => {
  expect(changes({})).toEqual([]);
  expect(changes({ mmPerPixel: 0.1, classes: ['linen', 'silk'], modelSha256: 'b'.repeat(64) })).toEqual([
    'classes: linen -> linen, silk',
    'modelSha256: aaaaaaaaaaaa -> bbbbbbbbbbbb',
    'mmPerPixel: none -> 0.1',
  ]);
});

it('writes thresholds as short as float32 allows', () => {
  const thresholds = { review: Math.fround(0.0188), reject: Math.fround(1 / 3) };
  expect(changes({ thresholds })).toEqual([
    'thresholds.review: none -> 0.0188',
    'thresholds.reject: none -> 0.33333334',
  ]);
  expect(describeChanges({ ...before, thresholds }, before)).toEqual([
    'thresholds.review: 0.0188 -> none',
    'thresholds.reject: 0.33333334 -> none',
  ]);
});

it('describes shapes by their place', () => {
  const include = [
    { type: 'rectangle' as const, left: 10, top: 20.5, width: 100, height: 80 },
    {
      type: 'polygon' as const,
      points: [
        [0, 5],
        [9, 5],
        [9, 7],
      ] as [number, number][],
    },
  ];
  expect(changes({ region: { include, exclude: [], border: 4 } })).toEqual([
    'region.include: none -> rectangle 100 x 80 at 10, 20.5, polygon of 3 points from 0, 5 to 9, 7',
    'region.border: none -> 4',
  ]);
});

it('has one line for a calibration', () => {
  const calibration = {
    rule: { type: 'false-rejects' as const, rate: 0 },
    source: 'train' as const,
    good: 10,
    defective: 0,
    guaranteedFalseRejects: 1 / 11,
    goodScores: null,
    imagesSha256: 'abcdef0123456789',
  };
  expect(changes({ calibration })).toEqual([
    'calibration: none -> no false reject, 10 good images (train), abcdef01',
  ]);
  const other = {
    ...calibration,
    rule: { type: 'review' as const, rate: 0.05 },
    defective: 7,
    imagesSha256: '0123456789abcdef',
  };
  expect(describeChanges({ ...before, calibration }, { ...before, calibration: other })).toEqual([
    'calibration: no false reject, 10 good images (train), abcdef01 -> ' +
      'at most 5 % to review, 10 good and 7 defective images (train), 01234567',
  ]);
});
