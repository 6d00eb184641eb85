import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fallbackBackend } from '../methods/backend/fallback-backend.ts';
import type { ComputeBackend } from '../methods/backend/compute-backend.ts';
import { defaultBackend } from '../methods/backend/default-backend.ts';
import { loadNativeBackend } from '../methods/backend/native-backend.ts';
import { wasmBackend } from '../methods/backend/wasm/wasm-backend.ts';
import { MetricAccumulator, type ClassMetrics } from './metric-accumulator.ts';
import type { FullCurve } from './curves.ts';
import type { LabeledMap } from './labeled-map.ts';

const native = loadNativeBackend();
const compiled: [name: string, backend: ComputeBackend][] = [
  ...(native ? [['native', native] as [string, ComputeBackend]] : []),
  ['WebAssembly', wasmBackend],
];
const width = 7;
const LIMIT = 0.3;

/** Maps with few distinct scores, so that most are tied, and few or no anomalous pixels. */
const map = fc.integer({ min: 1, max: 6 }).chain((height) =>
  fc.record({
    scores: fc
      .array(fc.integer({ min: -4, max: 4 }), { minLength: width * height, maxLength: width * height })
      .map((values) => Float32Array.from(values)),
    groundTruth: fc
      .array(fc.nat({ max: 3 }), { minLength: width * height, maxLength: width * height })
      .map((values) => Uint8Array.from(values, (value) => (value === 0 ? 1 : 0))),
    width: fc.constant(width),
    height: fc.constant(height),
  }),
);
const maps = fc.array(map, { minLength: 1, maxLength: 4 });

/** The same maps, some with an inspection region. */
const mapsInside = fc.array(
  map.chain((whole) =>
    fc.oneof(
      fc.constant<LabeledMap>(whole),
      fc
        .array(fc.constantFrom(0, 1), { minLength: width * whole.height, maxLength: width * whole.height })
        .filter((pixels) => pixels.includes(1))
        .map((pixels): LabeledMap => ({ ...whole, inside: Uint8Array.from(pixels) })),
    ),
  ),
  { minLength: 1, maxLength: 4 },
);

async function evaluate(labeled: readonly LabeledMap[], limit = LIMIT, backend = defaultBackend) {
  const pixels = new MetricAccumulator(backend.createThresholdSweep());
  for (const one of labeled) pixels.add(one);
  const { metrics, curves } = await pixels.metrics(limit, { threads: 1 });
  return { metrics, curves: curves() };
}

const metricsOf = async (labeled: readonly LabeledMap[], limit?: number) =>
  (await evaluate(labeled, limit)).metrics;

/** The metrics by definition (docs/method.md, section 4): counts all pixels at every distinct score. */
function byDefinition(labeled: readonly LabeledMap[], limit: number) {
  const regions = labeled.flatMap((one) =>
    regionsOf(one).map((pixels) => pixels.map((at) => one.scores[at])),
  );
  const normal = labeled.flatMap(({ scores, groundTruth, inside }) =>
    [...scores].filter((_, at) => groundTruth[at] === 0 && inside?.[at] !== 0),
  );
  const anomalous = regions.flat();
  const thresholds = [...new Set([...normal, ...anomalous])].sort((a, b) => b - a);
  const reaching = (values: number[], threshold: number) =>
    values.filter((score) => score >= threshold).length;
  const points = [
    { fpr: 0, tpr: 0, overlap: 0 },
    ...thresholds.map((threshold) => ({
      fpr: reaching(normal, threshold) / normal.length,
      tpr: reaching(anomalous, threshold) / anomalous.length,
      overlap:
        regions.reduce((sum, region) => sum + reaching(region, threshold) / region.length, 0) /
        regions.length,
    })),
  ];
  const area = (y: (point: (typeof points)[0]) => number, end: number) => {
    let sum = 0;
    for (let i = 1; i < points.length; i++) {
      const [a, b] = [points[i - 1], points[i]];
      if (a.fpr >= end) break;
      const to = Math.min(b.fpr, end);
      const last = b.fpr > a.fpr ? y(a) + ((y(b) - y(a)) * (to - a.fpr)) / (b.fpr - a.fpr) : y(b);
      sum += ((to - a.fpr) * (y(a) + last)) / 2;
    }
    return sum / end;
  };
  const f1Max = thresholds.map((threshold) => {
    const tp = reaching(anomalous, threshold);
    const precision = tp / (tp + reaching(normal, threshold));
    const recall = tp / anomalous.length;
    return (2 * precision * recall) / (precision + recall + 1e-8);
  });
  return {
    auroc: area(({ tpr }) => tpr, 1),
    auPro: area(({ overlap }) => overlap, limit),
    f1Max: Math.max(...f1Max),
    f1MaxThreshold: thresholds[f1Max.indexOf(Math.max(...f1Max))],
    regions: regions.length,
  };
}

function regionsOf({ groundTruth, inside, height }: LabeledMap): number[][] {
  const left = new Set([...groundTruth.keys()].filter((at) => groundTruth[at] === 1 && inside?.[at] !== 0));
  const regions: number[][] = [];
  for (const start of left) {
    const region = [start];
    left.delete(start);
    for (const at of region) {
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) {
          const [x, y] = [(at % width) + dx, Math.floor(at / width) + dy];
          const next = y * width + x;
          if (x < 0 || x >= width || y < 0 || y >= height || !left.delete(next)) continue;
          region.push(next);
        }
    }
    regions.push(region);
  }
  return regions;
}

const bothKinds = (labeled: readonly LabeledMap[]) =>
  [0, 1].every((label) =>
    labeled.some(({ groundTruth, inside }) =>
      groundTruth.some((marked, at) => marked === label && inside?.[at] !== 0),
    ),
  );

describe('metrics of a class', () => {
  it('match their definitions', async () => {
    await fc.assert(
      fc.asyncProperty(maps.filter(bothKinds), fc.constantFrom(0.05, 0.3, 1), async (labeled, limit) => {
        const metrics = await metricsOf(labeled, limit);
        const expected = byDefinition(labeled, limit);
        for (const name of ['auroc', 'auPro', 'f1Max', 'f1MaxThreshold', 'regions'] as const)
          expect(metrics[name]).toBeCloseTo(expected[name], 10);
      }),
    );
  });

  it('are those of the pixels inside the inspection region', async () => {
    await fc.assert(
      fc.asyncProperty(mapsInside.filter(bothKinds), async (labeled) => {
        const metrics = await metricsOf(labeled);
        const expected = byDefinition(labeled, LIMIT);
        for (const name of ['auroc', 'auPro', 'f1Max', 'f1MaxThreshold', 'regions'] as const)
          expect(metrics[name]).toBeCloseTo(expected[name], 10);
        const outside = labeled.map((one) => ({
          ...one,
          scores: one.scores.map((score, at) => (one.inside?.[at] === 0 ? 99 : score)),
          groundTruth: one.groundTruth.map((marked, at) => (one.inside?.[at] === 0 ? 1 - marked : marked)),
        }));
        expect(await metricsOf(outside)).toEqual(metrics);
      }),
    );
  });

  it.each(compiled)('are equal in the %s core and in TypeScript', async (_, backend) => {
    await fc.assert(
      fc.asyncProperty(maps, async (labeled) => {
        expect(await evaluate(labeled, LIMIT, backend)).toEqual(
          await evaluate(labeled, LIMIT, fallbackBackend),
        );
      }),
    );
    const random = Array.from({ length: 3 }, (_, seed) => randomMap(61, 47, seed));
    const [fast, reference] = [
      await evaluate(random, LIMIT, backend),
      await evaluate(random, LIMIT, fallbackBackend),
    ];
    for (const [name, value] of Object.entries(reference.metrics))
      expect(fast.metrics[name as keyof ClassMetrics]).toBeCloseTo(value as number, 12);
  });

  it('do not change under a monotonic transformation of the scores', async () => {
    await fc.assert(
      fc.asyncProperty(maps, async (labeled) => {
        const risen = labeled.map((one) => ({
          ...one,
          scores: one.scores.map((score) => Math.exp(score) - 50),
        }));
        const [before, after] = [await metricsOf(labeled), await metricsOf(risen)];
        expect({ ...after, f1MaxThreshold: null }).toEqual({ ...before, f1MaxThreshold: null });
      }),
    );
  });

  it('do not depend on the order of images or on mirroring', async () => {
    await fc.assert(
      fc.asyncProperty(maps, async (labeled) => {
        const turned = labeled.toReversed().map((one) => ({
          ...one,
          scores: one.scores.toReversed(),
          groundTruth: one.groundTruth.toReversed(),
        }));
        const [before, after] = [await metricsOf(labeled), await metricsOf(turned)];
        for (const [name, value] of Object.entries(before)) {
          if (value === null) expect(after[name as keyof ClassMetrics]).toBeNull();
          else expect(after[name as keyof ClassMetrics]).toBeCloseTo(value, 10);
        }
      }),
    );
  });

  it('are at chance level for equal scores, and perfect if the scores equal the ground truth', async () => {
    const truth = randomMap(20, 20, 5);
    const constant = await metricsOf([{ ...truth, scores: new Float32Array(400).fill(2) }]);
    expect(constant.auroc).toBeCloseTo(0.5, 12);
    expect(constant.auPro).toBeCloseTo(LIMIT / 2, 12);
    const perfect = await metricsOf([{ ...truth, scores: Float32Array.from(truth.groundTruth) }]);
    expect(perfect).toMatchObject({ auroc: 1, averagePrecision: 1, f1MaxThreshold: 1 });
    expect(perfect.meanRegionOverlap).toBeCloseTo(1, 12);
    expect(perfect.auPro).toBeCloseTo(1, 12);
    expect(perfect.f1Max).toBeCloseTo(1, 7);
  });

  it('are undefined without anomalous pixels or without normal pixels', async () => {
    const one = randomMap(8, 8, 1);
    const none = {
      auroc: null,
      auPro: null,
      averagePrecision: null,
      f1Max: null,
      f1MaxThreshold: null,
      imageAuroc: null,
      regions: 0,
    };
    expect(await metricsOf([{ ...one, groundTruth: new Uint8Array(64) }])).toMatchObject(none);
    const all = await metricsOf([{ ...one, groundTruth: new Uint8Array(64).fill(1) }]);
    expect(all).toMatchObject({
      auroc: null,
      auPro: null,
      imageAuroc: null,
      regions: 1,
      averagePrecision: 1,
    });
  });

  it("rank images by their network's own scores instead of their maps, if they have them", async () => {
    const [good, defective] = [randomMap(8, 8, 1), randomMap(8, 8, 1)];
    const labeled = [
      { ...good, groundTruth: new Uint8Array(64), scores: good.scores.map((score) => score + 9) },
      { ...defective, isDefective: true, isImageOnly: true },
    ];
    expect((await metricsOf(labeled)).imageAuroc).toBe(0);
    const scored = labeled.map((map, at) => ({ ...map, imageScore: at }));
    expect((await metricsOf(scored)).imageAuroc).toBe(1);
  });

  it('refuse a score that is NaN', () => {
    const one = randomMap(4, 4, 1);
    one.scores[5] = NaN;
    for (const backend of [...compiled.map(([, backend]) => backend), fallbackBackend])
      expect(() => new MetricAccumulator(backend.createThresholdSweep()).add(one)).toThrow(/pixel 5 is NaN/);
  });
});

it('curves have the areas of their metrics', async () => {
  const { metrics, curves } = await evaluate([randomMap(50, 40, 1), randomMap(50, 40, 2)]);
  expect(areaOf(curves.roc)).toBeCloseTo(metrics.auroc ?? NaN, 12);
  expect(curves.roc.threshold.every((score, i, all) => i < 2 || score < all[i - 1])).toBe(true);
  expect(curves.roc.threshold.every(Number.isFinite)).toBe(true);
  expect(curves.pr.y[0]).toBe(1);
  expect(curves.pr.x.at(-1)).toBe(1);
});

function areaOf({ x, y }: FullCurve): number {
  let area = 0;
  for (let i = 1; i < x.length; i++) area += ((x[i] - x[i - 1]) * (y[i] + y[i - 1])) / 2;
  return area;
}

/** Noise, with higher values where a blotch is anomalous. */
function randomMap(columns: number, rows: number, seed: number): LabeledMap {
  let state = seed + 1;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const groundTruth = new Uint8Array(columns * rows);
  for (let y = 2; y < rows / 2; y++) for (let x = 2; x < columns / 3; x++) groundTruth[y * columns + x] = 1;
  groundTruth[columns * rows - 1] = 1;
  const scores = Float32Array.from(groundTruth, (anomalous) => random() + 0.4 * anomalous);
  return { scores, groundTruth, width: columns, height: rows };
}
