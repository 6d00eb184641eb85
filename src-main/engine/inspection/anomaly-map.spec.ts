import { statistics } from '../../methods/registry.ts';
import { describe, expect, it } from 'vitest';
import { computeAnomalyMap, postprocess } from './anomaly-map.ts';
import type { Progress } from '../protocol/messages.ts';
import { StageTimer } from '../runtime/handler-context.ts';
import { handlerContext } from '../runtime/test/context.ts';

function clockOf(reports: Progress[] = []): StageTimer {
  return new StageTimer(handlerContext({ report: (progress) => void reports.push(progress) }));
}

const features = { values: new Float32Array(12 * 12).fill(0.5), channels: 1, height: 12, width: 12 };

describe('comparing patches', () => {
  it('takes the first reference of the statistic where none is named', async () => {
    const method = { statistic: 'moments', reference: undefined };
    const map = await computeAnomalyMap(features, method, { patchSize: 5 }, clockOf());
    expect(map).toMatchObject({ height: 12, width: 12 });
  });

  it('tells before it starts what it will take', async () => {
    const reports: Progress[] = [];
    const method = { statistic: 'fca', reference: 'knn:3' };
    await computeAnomalyMap(features, method, { patchSize: 5 }, clockOf(reports));
    const { estimate } = reports.find((progress) => progress.estimate) as Progress;
    expect(estimate?.seconds).toBeGreaterThan(0);
    expect(estimate?.bytes).toBeGreaterThan(0);
    expect(reports.findIndex((progress) => progress.estimate)).toBeLessThan(
      reports.findIndex(({ stage, fraction }) => stage === 'statistic' && fraction > 0),
    );
  });

  it('refuses to make a map of features so large that its scores are not finite', async () => {
    const values = Float32Array.from({ length: 2 * 24 * 24 }, (_, i) => (i % 7 === 0 ? 3e38 : -3e38));
    const features = { values, channels: 2, height: 24, width: 24 };
    const outcomes = await Promise.allSettled(
      statistics.map(({ name, references }) =>
        computeAnomalyMap(
          features,
          { statistic: name, reference: references[0] },
          { patchSize: 9 },
          clockOf(),
        ),
      ),
    );
    expect(outcomes.map(({ status }) => status)).toContain('rejected');
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') expect(outcome.value.values.every(Number.isFinite)).toBe(true);
      else
        expect(outcome.reason).toMatchObject({
          code: 'INVALID_FEATURES',
          message: expect.stringMatching(/of the 576 scores that "\w+" makes are not finite.*Scale them/),
        });
    }
  });

  it('refuses what would not fit into memory and says how much it would take', async () => {
    const huge = { values: new Float32Array(0), channels: 512, height: 100_000, width: 100_000 };
    const method = { statistic: 'fca', reference: 'knn:400' };
    await expect(computeAnomalyMap(huge, method, { patchSize: 9 }, clockOf())).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      message: expect.stringMatching(/"fca" with the reference "knn:400" would need about \d+\.\d GiB/),
    });
  });
});

describe('finishing a map', () => {
  const map = { values: Float32Array.of(0, 0, 0, 1), height: 2, width: 2 };
  const spanning = { map, extentHeight: 16, extentWidth: 12 };

  it('leaves it as it is where the statistic ends at feature resolution', () => {
    expect(postprocess('fca', spanning, { height: 15, width: 11 })).toEqual(spanning);
  });

  it('brings the map of Aota et al. to the size of the image and blurs it there', () => {
    const finished = postprocess('aota', spanning, { height: 15, width: 11 });
    expect(finished).toMatchObject({ extentHeight: 15, extentWidth: 11, map: { height: 15, width: 11 } });
    expect(finished.map.values[15 * 11 - 1]).toBeGreaterThan(finished.map.values[0]);
    expect(finished.map.values[15 * 11 - 1]).toBeLessThan(1);
  });
});
