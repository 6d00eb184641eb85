import { describe, expect, it } from 'vitest';
import { fallbackBackend } from '../backend/fallback-backend.ts';
import { referenceFor, statistics } from '../registry.ts';
import { parametersFor, parametersOf, type Statistic } from './statistic.ts';
import { meanDifference } from './test/mean-difference.ts';

const features = {
  values: Float32Array.from({ length: 2 * 12 * 15 }, (_, i) => (i % 180 === 97 ? 1 : 0)),
  channels: 2,
  height: 12,
  width: 15,
};
const execution = { threads: 1 };

describe('a statistic in a single TypeScript file', () => {
  const statistic = meanDifference as Statistic;

  it.each(meanDifference.references)('computes a map with the reference %s', async (spec) => {
    const parameters = parametersFor(statistic, { patchSize: 5 });
    const reference = referenceFor(statistic, spec);
    const selection = await reference.select({ features, patchSize: 5 }, fallbackBackend, execution);
    const { values, height, width } = await statistic.compute(
      features,
      selection,
      parameters,
      fallbackBackend,
      execution,
    );
    expect([height, width]).toEqual([12, 15]);
    expect(values).toHaveLength(12 * 15);
    expect(values.every(Number.isFinite)).toBe(true);
    if (spec === 'global') expect(values.indexOf(Math.max(...values))).toBe(97);
  });

  it('has a cost, defaults and limits', () => {
    const parameters = parametersFor(statistic, {});
    expect(parameters).toEqual({ patchSize: 9, sigma: 6 });
    expect(statistic.cost(features, { kind: 'global' }, parameters).operations).toBeGreaterThan(0);
    expect(parametersOf(statistic)).toEqual([
      {
        name: 'sigma',
        description: 'Standard deviation of the weights in the patch',
        default: 6,
        minimum: 0,
        maximum: 1000,
        exclusiveMinimum: true,
        integer: false,
      },
    ]);
  });
});

describe('the statistics of the registry', () => {
  it.each(statistics.map((statistic) => [statistic.name, statistic] as const))(
    '%s describes every parameter',
    (_, statistic) => {
      for (const { name, description, minimum, maximum, ...parameter } of parametersOf(statistic)) {
        expect(description, name).not.toBe('');
        expect(parameter.default).toBeGreaterThanOrEqual(minimum);
        expect(parameter.default).toBeLessThanOrEqual(maximum);
      }
    },
  );
});
