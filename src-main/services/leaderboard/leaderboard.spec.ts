import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bootstrap, Metrics } from '../../common/api/evaluation.ts';
import { htmlLeaderboard } from './html.ts';
import { meanResamples, percentileInterval } from './interval.ts';
import type { Leaderboard, RankedMethod, Score } from './leaderboard.ts';
import { publishedSystems } from './published-systems.ts';
import { byAuPro, countedClasses, type ScoredClass, scoreRows } from './score-rows.ts';
import { csvLeaderboard } from './tables.ts';

const values = { auPro: 0.5, auroc: 0.6, f1Max: 0.4, imageAuroc: 0.9 };

function scored(
  textureClass: string,
  metrics: Partial<Record<keyof typeof values, number | null>> = {},
  { images = 4, resamples = [0.1, 0.2, 0.3] as (number | null)[] } = {},
): ScoredClass {
  return {
    textureClass,
    metrics: { ...values, ...metrics } as Metrics,
    bootstrap: {
      normal: 1,
      defective: images - 1,
      deviation: 0,
      resamples: { auPro: resamples, auroc: resamples, f1Max: resamples, imageAuroc: resamples },
    } satisfies Bootstrap,
  };
}

describe('a percentile interval', () => {
  it('contains 95 % of the values and does not depend on their order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 200 }), (drawn) => {
        const { low, high } = percentileInterval(drawn) ?? { low: NaN, high: NaN };
        const inside = drawn.filter((value) => value >= low && value <= high).length;
        expect(inside / drawn.length).toBeGreaterThan(0.93);
        expect(inside / drawn.length).toBeLessThan(0.97);
        expect(percentileInterval([...drawn].reverse())).toEqual({ low, high });
      }),
    );
    expect(percentileInterval([null, 0.5, null])).toEqual({ low: 0.5, high: 0.5 });
    expect(percentileInterval([null])).toBeNull();
  });

  it('of a mean uses resample i of every class', () => {
    expect(
      meanResamples([
        [0, 1, null],
        [1, 1, 1],
      ]),
    ).toEqual([0.5, 1, null]);
  });
});

describe('the rows of a method', () => {
  it('end with the mean of the classes for which any method has the metric', () => {
    const first = [scored('a', { imageAuroc: null }), scored('b')];
    const second = [scored('a', { imageAuroc: null })];
    const counted = countedClasses([first, second]);
    expect(scoreRows(first, counted).at(-1)).toMatchObject({
      class: null,
      auPro: { value: 0.5 },
      imageAuroc: { value: 0.9 },
    });
    // It lacks class b, so its means would be over other classes.
    expect(scoreRows(second, counted).at(-1)).toMatchObject({ auPro: { value: null, low: null } });
  });

  it('have no interval for a class that is too small, which counts in the mean with its value', () => {
    const classes = [scored('a'), scored('b', { auPro: 0.8 }, { images: 2, resamples: [0.8, 0.8, 0.8] })];
    const rows = scoreRows(classes, countedClasses([classes]));
    expect(rows[1].auPro).toEqual({ value: 0.8, low: null, high: null });
    expect(rows[2].auPro.low).toBeGreaterThan(0.45);
    expect(rows[2].auPro.high).toBeLessThan(0.55);
  });
});

const score = (value: number | null): Score => ({
  value,
  low: value === null ? null : value - 0.01,
  high: value,
});

function method(label: string, auPro: number | null): RankedMethod {
  const rest = { auroc: score(0.9), f1Max: score(0.4), imageAuroc: score(null) };
  return {
    label,
    definition: '<b>',
    needs: ['normal images'],
    license: 'MIT',
    secondsPerImage: 0.5,
    peakBytes: 2 ** 28,
    devices: ['CPU'],
    rows: [
      { class: 'carpet', auPro: score(auPro), ...rest },
      { class: null, auPro: score(auPro), ...rest },
    ],
  };
}

const board: Leaderboard = {
  madeAt: '2026-01-02T00:00:00.000Z',
  perch: '1',
  devices: ['CPU'],
  ignoreBorder: null,
  proFprLimit: 0.3,
  resamples: 1000,
  seed: 0,
  datasets: [
    {
      name: 'cloth & co',
      layout: 'mvtec',
      ignoreBorder: 16,
      notes: ['A note.'],
      classes: [{ name: 'carpet', images: 9, anomalousImages: 4, regions: 5 }],
      methods: [method('worse', 0.2), method('none', null), method('better', 0.8)].sort(byAuPro),
      published: [{ system: 'Ours', source: 'paper', rows: [{ class: null, auPro: 95.4 }] }],
      omitted: [{ method: 'patchcore', classes: null, reason: 'The model is missing.' }],
    },
  ],
};

describe('a leaderboard', () => {
  it('has the highest mean AUPRO first and undefined ones last', () => {
    expect(board.datasets[0].methods.map(({ label }) => label)).toEqual(['better', 'worse', 'none']);
  });

  it('is a self-contained page with intervals, published values and what could not run', () => {
    const page = htmlLeaderboard(board);
    expect(page).toContain('<b>80.00</b><small>79.00 to 80.00</small>');
    expect(page).toMatch(/Published, not measured here.*Ours.*95\.40/s);
    expect(page).toMatch(/Could not run.*<dd>The model is missing\.<\/dd>/s);
    expect(page).toContain('cloth &amp; co');
    expect(page).not.toMatch(/<script|src=|https?:/);
  });

  it('is a CSV with one row for each method and class, and for what was published or not run', () => {
    const [head, ...rows] = csvLeaderboard(board).trimEnd().split('\r\n');
    const width = head.split(',').length;
    expect(rows).toHaveLength(3 * 2 + 1 + 1);
    for (const row of rows) expect(row.split(',')).toHaveLength(width);
    expect(rows[0]).toMatch(/^cloth & co,carpet,better,measured,16,0\.8,0\.79,0\.8,/);
    expect(rows.at(-1)).toMatch(/^cloth & co,mean,patchcore,not run,.*The model is missing\.$/);
  });
});

describe('published metrics', () => {
  it('are those of the dataset, sorted by AUPRO', () => {
    const counts = { images: 1, train: 0, masked: 1, unmasked: 0, normal: 0, unknown: 0 };
    const dataset = { layout: 'dtd-synthetic' as const, classes: [{ textureClass: 'Woven_001', ...counts }] };
    const systems = publishedSystems(dataset, ['Woven_001']);
    expect(systems.map(({ system }) => system)).toEqual([
      'transformer features, 2026',
      'Ours + k-NN',
      'Ours',
      'Aota et al.',
      'April-GAN',
    ]);
    expect(systems[2].rows.map((row) => row.class)).toEqual(['Woven_001', null]);
    expect(publishedSystems({ ...dataset, layout: 'folder' }, [])).toEqual([]);
  });
});
