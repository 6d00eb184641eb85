import { describe, expect, it } from 'vitest';
import { fallbackBackend } from './backend/fallback-backend.ts';
import { referenceFor, references, statisticNamed, statistics } from './registry.ts';
import { parametersFor } from './statistics/statistic.ts';

const features = {
  values: Float32Array.from({ length: 2 * 12 * 12 }, (_, index) => ((index * 37) % 101) / 101),
  channels: 2,
  height: 12,
  width: 12,
};
const pairs = statistics.flatMap(({ name, references: accepted }) =>
  accepted.map((reference) => [name, reference] as const),
);

describe('the registry', () => {
  it.each(pairs)('%s with %s returns a finite score for every position', async (name, spec) => {
    const statistic = statisticNamed(name);
    const parameters = parametersFor(statistic, { patchSize: 5 });
    const execution = { threads: 1 };
    const reference = referenceFor(statistic, spec);
    const selection = await reference.select({ features, patchSize: 5 }, fallbackBackend, execution);
    const { bytes, operations } = statistic.cost(features, reference.size, parameters);
    expect(bytes).toBeGreaterThan(0);
    expect(operations).toBeGreaterThan(0);
    const map = await statistic.compute(features, selection, parameters, fallbackBackend, execution);
    expect(map.values).toHaveLength(144);
    expect(map.values.every(Number.isFinite)).toBe(true);
  });

  it('rejects a reference that the statistic does not accept, and lists the accepted ones', () => {
    const moments = statisticNamed('moments');
    expect(() => referenceFor(moments, 'median')).toThrow(
      'The statistic "moments" does not accept the reference "median". It accepts: global, random[:COUNT[:SEED]], all, knn[:K].',
    );
    expect(() => referenceFor(moments, 'best:3')).toThrow(
      /no reference "best"\. Known: median, mean, global/,
    );
  });

  it('rejects an unknown parameter and one outside its limits', () => {
    expect(() => parametersFor(statisticNamed('moments'), { patchSize: 5, bins: 4 })).toThrow(
      /"moments" rejects .*bins/,
    );
    expect(() => parametersFor(statisticNamed('histogram'), { patchSize: 5, bins: 1 })).toThrow(
      /rejects bins/,
    );
  });

  it('accepts each reference in some statistic', () => {
    const accepted = new Set(statistics.flatMap((statistic) => statistic.references));
    for (const { name } of references) expect(accepted).toContain(name);
  });
});
