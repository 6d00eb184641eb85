import { describe, expect, it } from 'vitest';
import type { Cell, Metrics } from '../../common/api/evaluation.ts';
import { confusionTable } from '../../common/decisions/confusion.ts';
import { csvReport } from './csv.ts';
import { htmlReport } from './html.ts';
import { jsonReport } from './json.ts';
import { paperColumns } from './paper.ts';
import { type ReportImages, meanNotes, type Report, reportRows, secondsPerImage } from './report.ts';
import { textReport } from './text.ts';

const HOSTILE = `<script>alert("1")</script>&'`;

function cell(textureClass: string, method: number, known: Partial<Metrics>): Cell {
  const none = {
    auroc: null,
    auPro: null,
    averagePrecision: null,
    f1Max: null,
    f1MaxThreshold: null,
    imageAuroc: null,
  };
  const counts = { images: 10, anomalousImages: 5, imagesWithoutMask: 0, regions: 8, missing: 0, notes: [] };
  return {
    textureClass,
    method,
    metrics: { ...none, meanRegionOverlap: null, ...counts, secondsPerImage: null, ...known },
  };
}

const report: Report = {
  dataset: 'shift 3',
  ignoreBorder: 16,
  proFprLimit: 0.3,
  methods: [
    { id: 1, label: 'default', definition: 'gabor, fca, median, T 9' },
    { id: 2, label: 'aota', definition: 'gabor, aota, knn:400, T 9, 320 px' },
  ],
  classes: ['carpet', 'wood'],
  decisions: [],
  notes: ['wood, aota: 3 images with ground truth have no result.'],
  cells: [
    cell('carpet', 1, { auPro: 0.9, auroc: 0.95, f1Max: 0.5, secondsPerImage: 0.2 }),
    cell('carpet', 2, { auPro: 0.800001, auroc: 0.95, f1Max: 0.6 }),
    cell('wood', 1, { auPro: 0.7, auroc: 0.9, secondsPerImage: 0.4, images: 30 }),
    cell('wood', 2, { auPro: 0.8, auroc: 0.95, missing: 3 }),
  ],
};

const curve = { x: [0, 0.1, 1], y: [0, 0.9, 1], threshold: [3, 2, 1] };
const reportImages: ReportImages = {
  madeAt: '2026-11-24T10:00:00.000Z',
  curves: [{ textureClass: 'carpet', method: 1, roc: curve, pro: curve }],
  examples: [
    {
      textureClass: 'carpet',
      name: 'hole/000.png',
      picture: 'data:image/png;base64,AAAA',
      heatmaps: [{ method: 1, picture: 'data:image/png;base64,BBBB' }],
    },
  ],
};

/** Twelve good images, of which one is reviewed and one rejected; three defective ones, of which one passes. */
const decided: Report = {
  ...report,
  decisions: [
    {
      textureClass: 'carpet',
      recipe: 'Line <1>',
      revision: 3,
      missing: 2,
      thresholds: { review: Math.fround(0.0121), reject: Math.fround(0.0188) },
      table: confusionTable(
        [
          ...Array.from({ length: 10 }, () => ['good', 'pass'] as const),
          ...([
            ['good', 'review'],
            ['good', 'reject'],
            ['defective', 'pass'],
          ] as const),
          ...([
            ['defective', 'reject'],
            ['defective', 'reject'],
            ['unknown', null],
          ] as const),
        ].map(([label, decision], image) => ({ image, label, decision })),
      ),
    },
  ],
};

describe('the decisions of a recipe', () => {
  it('are a table of labels and decisions in the text, with rates and intervals', () => {
    const text = textReport(decided);
    expect(text).toContain('carpet: recipe "Line <1>", revision 3, review from 0.0121, reject from 0.0188\n');
    expect(text).toMatch(/^ +pass +review +reject\ngood +10 +1 +1\ndefective +1 +0 +2\nunknown +0 +0 +0\n/m);
    expect(text).toMatch(/^false rejects 8\.3 % \(1 of 12, 95 % interval 0\.21 % to 38\.5 %\)$/m);
    expect(text).toMatch(/^escapes 33\.3 % \(1 of 3, /m);
    expect(textReport(report)).not.toContain('recipe');
  });

  it('are objects in the JSON, without ids of images', () => {
    const { decisions } = JSON.parse(jsonReport(decided)) as { decisions: Record<string, unknown>[] };
    expect(decisions).toEqual([
      {
        class: 'carpet',
        recipe: 'Line <1>',
        revision: 3,
        missing: 2,
        undecided: 1,
        thresholds: { review: Math.fround(0.0121), reject: Math.fround(0.0188) },
        rows: [
          { label: 'good', total: 12, pass: 10, review: 1, reject: 1 },
          { label: 'defective', total: 3, pass: 1, review: 0, reject: 2 },
          { label: 'unknown', total: 0, pass: 0, review: 0, reject: 0 },
        ],
        falseRejects: expect.objectContaining({ count: 1, of: 12 }),
        escapes: expect.objectContaining({ count: 1, of: 3 }),
        review: expect.objectContaining({ count: 1, of: 15 }),
      },
    ]);
    expect(jsonReport(decided)).not.toContain('"images": [');
    expect(JSON.parse(jsonReport(report))).toMatchObject({ decisions: [] });
  });

  it('are columns of the CSV, empty for other classes', () => {
    const [head, carpet, , wood] = csvReport(decided).split('\r\n');
    expect(head).toMatch(/,recipe,revision,goodPass,goodReview,goodReject,defectivePass,.*,unknownReject$/);
    expect(carpet).toMatch(/,Line <1>,3,10,1,1,1,0,2,0,0,0$/);
    expect(wood).toMatch(/,{11}$/);
    expect(csvReport(report)).not.toContain('recipe');
  });

  it('are a section of the HTML', () => {
    const html = htmlReport(decided, reportImages);
    expect(html).toContain('<h2>Decisions on test images</h2>');
    expect(html).toContain('Line &lt;1&gt;, revision 3: review from 0.0121, reject from 0.0188');
    expect(html).toContain('<td>12</td><td>10<small>83.3 %</small></td>');
    expect(htmlReport(report, reportImages)).not.toContain('Decisions');
  });
});

describe('the table of a report', () => {
  it('has the unweighted mean of the classes with a defined metric, and lists the others', () => {
    const mean = reportRows(report)[2];
    expect(mean.textureClass).toBeUndefined();
    expect(mean.entries[0].percents.auPro.value).toBeCloseTo(80);
    expect(mean.entries[0].percents.f1Max.value).toBeCloseTo(50);
    expect(meanNotes(report)).toEqual(['The mean of F1-max is over 1 of 2 classes, without wood.']);
  });

  it('has no mean for a method without a metric that another method has', () => {
    const [carpet, other, wood] = report.cells;
    const cells = [carpet, other, { ...wood, metrics: { ...wood.metrics, f1Max: 0.7 } }, report.cells[3]];
    const mean = reportRows({ ...report, cells })[2];
    expect(mean.entries.map(({ percents }) => percents.f1Max.value)).toEqual([60, null]);
    expect(meanNotes({ ...report, cells })).toEqual([]);
  });

  it('marks the best value of a row, and both if they look the same', () => {
    const [carpet, , mean] = reportRows(report);
    expect(carpet.entries.map(({ percents }) => percents.auPro.best)).toEqual([true, false]);
    expect(carpet.entries.map(({ percents }) => percents.auroc.best)).toEqual([true, true]);
    expect(mean.entries.map(({ percents }) => percents.auPro.best)).toEqual([true, true]);
  });

  it('shows the difference to the first method', () => {
    const [carpet] = reportRows(report);
    expect(carpet.entries[0].percents.auPro.difference).toBeNull();
    expect(carpet.entries[1].percents.auPro.difference).toBeCloseTo(-9.9999);
  });

  it('has the mean time per image over all images', () => {
    expect(secondsPerImage(report, 1)).toBeCloseTo(0.35);
    expect(secondsPerImage(report, 2)).toBeNull();
  });
});

describe('the report as text', () => {
  it('puts methods side by side, with the best marked and the mean below', () => {
    const lines = textReport(report).split('\n');
    expect(lines[0]).toMatch(/default +aota/);
    expect(lines.find((line) => line.startsWith('carpet'))).toMatch(
      /90\.00\* +95\.00\* +50\.00 +- +80\.00 +95\.00\* +60\.00\* +-/,
    );
    expect(lines.find((line) => line.startsWith('mean'))).toMatch(
      /80\.00\* +92\.50 +50\.00 +- +80\.00\* +95\.00\*/,
    );
    expect(lines.find((line) => line.startsWith('difference'))).toMatch(
      /^difference +\+0\.00 +\+2\.50 +\+10\.00$/,
    );
    expect(lines.find((line) => line.startsWith('s/image'))).toContain('0.35');
  });

  it('puts methods below each other if they do not fit, and lists missing values', () => {
    const text = textReport(report, 50);
    expect(text.match(/^carpet/gm)).toHaveLength(2);
    expect(text).toContain('wood, aota: 3 images with ground truth have no result.');
    for (const line of text.split('\n').filter((line) => line.startsWith('wood '))) {
      expect(line.length).toBeLessThanOrEqual(50);
    }
  });

  it("has the paper's metrics in additional columns", () => {
    const counts = { images: 50, train: 0, unmasked: 0, masked: 50, normal: 0, unknown: 0 };
    const classes = [{ textureClass: 'texture_1', ...counts }];
    const paper = paperColumns({ layout: 'wft', classes });
    if (!paper) throw new Error('The paper has no metrics for WFT.');
    const text = textReport({ ...report, classes: ['texture_1'], cells: [], paper }, 200);
    expect(text).toMatch(/^texture_1 .* 92\.38 +97\.98 +80\.34/m);
    expect(text).toContain("The paper's metrics are for the whole of WFT.");
  });
});

describe('the report as CSV and JSON', () => {
  it('has a row for each class and method, and the means', () => {
    const lines = csvReport(report).split('\r\n');
    expect(lines[0]).toMatch(/^dataset,class,method,ignoreBorder,proFprLimit,auroc,auPro,/);
    expect(lines[1]).toMatch(/^shift 3,carpet,default,16,0\.3,0\.95,0\.9,/);
    expect(lines).toHaveLength(1 + 3 * 2 + 1);
    expect(lines[5]).toMatch(/^shift 3,mean,default,16,0\.3,0\.925,0\.8/);
  });

  it('keeps every metric at full precision', () => {
    const { rows } = JSON.parse(jsonReport(report)) as { rows: { class: string; metrics: unknown }[] };
    expect(rows.map((row) => row.class)).toEqual(['carpet', 'wood', null]);
    expect(rows[0].metrics).toMatchObject({ default: { auPro: 0.9 }, aota: { auPro: 0.800001, f1Max: 0.6 } });
  });
});

describe('the report as HTML', () => {
  it('is a single page that loads nothing and runs no script', () => {
    const html = htmlReport(report, reportImages);
    expect(html).not.toMatch(/<script|<link|<iframe|\bon\w+=|https?:\/\/|url\(|@import/i);
    expect([...html.matchAll(/src="([^"]*)"/g)].every(([, address]) => address.startsWith('data:'))).toBe(
      true,
    );
    expect(html).toContain("default-src 'none'");
    expect(html).toContain('@media print');
  });

  it('escapes every name', () => {
    const hostile: Report = {
      ...report,
      dataset: HOSTILE,
      methods: report.methods.map((method) => ({ ...method, label: HOSTILE, definition: HOSTILE })),
      classes: [HOSTILE],
      cells: report.cells.map((known) => ({ ...known, textureClass: HOSTILE })),
    };
    const html = htmlReport(hostile, {
      ...reportImages,
      curves: reportImages.curves.map((known) => ({ ...known, textureClass: HOSTILE })),
      examples: reportImages.examples.map((known) => ({ ...known, textureClass: HOSTILE, name: HOSTILE })),
    });
    expect(html).not.toContain('<script');
    expect(html).not.toContain('alert("');
    expect(html.split('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;').length).toBeGreaterThan(
      10,
    );
  });

  it('lists what the metrics omit', () => {
    expect(htmlReport(report, reportImages)).toContain(
      '<li>wood, aota: 3 images with ground truth have no result.</li>',
    );
  });

  it('splits methods that do not fit on a page into several tables', () => {
    const methods = [1, 2, 3, 4, 5].map((id) => ({ id, label: `m${id}`, definition: '' }));
    const html = htmlReport({ ...report, methods }, reportImages);
    const heads = [...html.matchAll(/<thead><tr><th><\/th>(.*?)<\/tr>/g)].map(([, head]) =>
      head.match(/m\d/g),
    );
    expect(heads).toEqual([['m1', 'm2', 'm3', 'm4'], ['m5']]);
  });

  it('shows curves with the limit of PRO, and heatmaps', () => {
    const html = htmlReport(report, reportImages);
    expect(html.match(/class="chart"/g)).toHaveLength(2);
    expect(html).toContain('limit 0.3');
    expect(html).toContain('src="data:image/png;base64,BBBB"');
  });
});
