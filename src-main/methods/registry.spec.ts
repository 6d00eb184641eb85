import { describe, expect, it } from 'vitest';
import { fallbackBackend } from './backend/fallback-backend.ts';
import { referenceFor, references, statisticNamed, statistics } from './registry.ts';
import { parametersFor } from './statistics/statistic.ts';

const features = {
  values: Float32Array.from({ length: 2 * 12 * 12 }, (_, at) => ((at * 37) % 101) / 101),
  channels: 2,
  height: 12,
  width: 12,
};
const pairs = statistics.flatMap(({ name, references: taken }) =>
  taken.map((reference) => [name, reference] as const),
);

describe('statistics and references', () => {
  it.each(pairs)('%s with %s gives a finite map of every position', async (name, text) => {
    const statistic = statisticNamed(name);
    const parameters = parametersFor(statistic, { patchSize: 5 });
    const execution = { threads: 1 };
    const reference = referenceFor(statistic, text);
    const selection = await reference.select(features, 5, fallbackBackend, execution);
    const { bytes, operations } = statistic.estimate(features, reference.size, parameters);
    expect(bytes).toBeGreaterThan(0);
    expect(operations).toBeGreaterThan(0);
    const map = await statistic.compute(features, selection, parameters, fallbackBackend, execution);
    expect(map.values).toHaveLength(144);
    expect(map.values.every(Number.isFinite)).toBe(true);
  });

  it('refuse a reference that the statistic does not take, listing those it does', () => {
    const moments = statisticNamed('moments');
    expect(() => referenceFor(moments, 'median')).toThrow(
      'The statistic "moments" takes no reference "median". It takes: global, random[:COUNT[:SEED]], all, knn[:NEIGHBORS].',
    );
    expect(() => referenceFor(moments, 'best:3')).toThrow(
      /no reference "best"\. Known: median, mean, global/,
    );
  });

  it('refuse a parameter that is not the statistic’s', () => {
    expect(() => parametersFor(statisticNamed('moments'), { patchSize: 5, bins: 4 })).toThrow(
      /"moments" refuses .*bins/,
    );
    expect(() => parametersFor(statisticNamed('histogram'), { patchSize: 5, bins: 1 })).toThrow(
      /refuses bins/,
    );
  });

  it('each reference is taken by some statistic', () => {
    const taken = new Set(statistics.flatMap((statistic) => statistic.references));
    for (const { name } of references) expect(taken).toContain(name);
  });
});
