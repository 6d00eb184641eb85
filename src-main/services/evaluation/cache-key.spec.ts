import { expect, it } from 'vitest';
import { evaluationKey } from './cache-key.ts';
import type { EvaluationSample } from './class-samples.ts';

const sample = (map: string, mask: string | null, extentWidth: number, regionSha256 = '') =>
  ({
    image: { groundTruth: mask === null ? 'unknown' : 'masked', mask, defectType: 'hole', tileIndex: 0 },
    result: { map, width: 64, height: 48, extentWidth, extentHeight: 48, regionSha256 },
  }) as EvaluationSample;
/** With a network's own score of the whole image. */
const scored = ({ image, result }: EvaluationSample, imageScore: number): EvaluationSample => ({
  image,
  result: { ...result, imageScore },
  region: null,
});
const samples = [sample('a', 'm', 64), sample('b', null, 66)];

it('returns the keys of stored evaluations', () => {
  expect(evaluationKey(samples, { ignoreBorder: 16, proFprLimit: 0.3 })).toBe(
    'f3ffc1364b5a35482c8232f2012ec70e3c18243d0e969e7f07c22517c7e189a7',
  );
  expect(evaluationKey(samples, { ignoreBorder: 0, bins: 120 })).toBe(
    'efa2c37098be246bdab4142205ba5198d901b0dbc7410f980725f7b0c5ac6f9e',
  );
});

it('returns another key for another map, mask, extent, region, border, limit or order', () => {
  const settings = { ignoreBorder: 16, proFprLimit: 0.3 };
  const keys = [
    evaluationKey(samples, settings),
    evaluationKey([sample('c', 'm', 64), samples[1]], settings),
    evaluationKey([sample('a', 'n', 64), samples[1]], settings),
    evaluationKey([sample('a', 'm', 65), samples[1]], settings),
    evaluationKey([sample('a', 'm', 64, 'r'), samples[1]], settings),
    evaluationKey([sample('a', 'm', 64, 's'), samples[1]], settings),
    evaluationKey(samples, { ...settings, ignoreBorder: 8 }),
    evaluationKey(samples, { ...settings, proFprLimit: 0.1 }),
    evaluationKey(samples.toReversed(), settings),
    evaluationKey([scored(samples[0], 0.5), samples[1]], settings),
    evaluationKey([scored(samples[0], 0.6), samples[1]], settings),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});
