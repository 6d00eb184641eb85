import { statistics } from '../../methods/registry.ts';
import { describe, expect, it } from 'vitest';
import { computeAnomalyMap, postprocess } from './anomaly-map.ts';
import type { Progress } from '../protocol/messages.ts';
import { StageTimer } from '../runtime/handler-context.ts';
import { handlerContext } from '../runtime/test/context.ts';

function timerWith(reports: Progress[] = []): StageTimer {
  return new StageTimer(handlerContext({ report: (progress) => void reports.push(progress) }));
}

const features = { values: new Float32Array(12 * 12).fill(0.5), channels: 1, height: 12, width: 12 };

describe('computing an anomaly map', () => {
  it('uses the first reference of the statistic by default', async () => {
    const method = { statistic: 'moments', reference: undefined };
    const map = await computeAnomalyMap({ features }, method, { patchSize: 5 }, timerWith());
    expect(map).toMatchObject({ height: 12, width: 12 });
  });

  it('reports the estimated time and memory before it starts', async () => {
    const reports: Progress[] = [];
    const method = { statistic: 'fca', reference: 'knn:3' };
    await computeAnomalyMap({ features }, method, { patchSize: 5 }, timerWith(reports));
    const { estimate } = reports.find((progress) => progress.estimate) as Progress;
    expect(estimate?.seconds).toBeGreaterThan(0);
    expect(estimate?.bytes).toBeGreaterThan(0);
    expect(reports.findIndex((progress) => progress.estimate)).toBeLessThan(
      reports.findIndex(({ stage, fraction }) => stage === 'statistic' && fraction > 0),
    );
  });

  it('fails if features are so large that scores are not finite', async () => {
    const values = Float32Array.from({ length: 2 * 24 * 24 }, (_, i) => (i % 7 === 0 ? 3e38 : -3e38));
    const features = { values, channels: 2, height: 24, width: 24 };
    const outcomes = await Promise.allSettled(
      statistics.map(({ name, references }) =>
        computeAnomalyMap(
          { features },
          { statistic: name, reference: references[0] },
          { patchSize: 9 },
          timerWith(),
        ),
      ),
    );
    expect(outcomes.map(({ status }) => status)).toContain('rejected');
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') expect(outcome.value.values.every(Number.isFinite)).toBe(true);
      else
        expect(outcome.reason).toMatchObject({
          code: 'INVALID_FEATURES',
          message: expect.stringMatching(/^.*The features.* are too large for/),
        });
    }
  });

  it('fails if the computation exceeds the memory, with the amount that it needs', async () => {
    const huge = { values: new Float32Array(0), channels: 512, height: 100_000, width: 100_000 };
    const method = { statistic: 'fca', reference: 'knn:400' };
    await expect(
      computeAnomalyMap({ features: huge }, method, { patchSize: 9 }, timerWith()),
    ).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      message: expect.stringMatching(/"fca" with the reference "knn:400" needs about \d+\.\d GiB/),
    });
  });
});

describe('postprocessing', () => {
  const map = { values: Float32Array.of(0, 0, 0, 1), height: 2, width: 2 };
  const placed = { map, extentHeight: 16, extentWidth: 12 };

  it('changes nothing for statistics without postprocessing', () => {
    expect(postprocess('fca', placed, { height: 15, width: 11 })).toEqual(placed);
  });

  it('of Aota et al. resizes the map to the image and blurs it', () => {
    const processed = postprocess('aota', placed, { height: 15, width: 11 });
    expect(processed).toMatchObject({ extentHeight: 15, extentWidth: 11, map: { height: 15, width: 11 } });
    expect(processed.map.values[15 * 11 - 1]).toBeGreaterThan(processed.map.values[0]);
    expect(processed.map.values[15 * 11 - 1]).toBeLessThan(1);
  });
});
