import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { curveChart } from './curve-chart.ts';
import { chartDocument } from './chart-document.ts';
import { valueAt, xAt } from './plot.ts';
import { scoreChart, scorePlots, type ScoreRow } from './score-chart.ts';

const size = { width: 400, height: 300 };
const unit = { low: 0, high: 1 };
const HOSTILE = `<script>alert("1")</script>&'`;
const curve = { x: [0, 0.5, 1], y: [0, 0.5, 1], threshold: [3, 2, 1] };
const axes = { title: 'ROC', x: 'false positive rate', y: 'true positive rate', view: { x: unit, y: unit } };
const row: ScoreRow = {
  label: 'default',
  index: 0,
  histogram: { low: 0, high: 10, normal: [1000, 10, 0, 0], anomalous: [0, 5, 5, 0] },
  threshold: { score: 5, text: 'threshold 5.00' },
};

/** Rasterizes an SVG file. */
async function rasterize(svg: string) {
  const { data, info } = await sharp(Buffer.from(svg))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return {
    ...info,
    at: (x: number, y: number) => [...data.subarray(3 * (y * info.width + x), 3 * (y * info.width + x) + 3)],
  };
}

describe('a chart of curves', () => {
  it('shows the visible range of the curves, clipped at its ends', () => {
    const view = { x: { low: 0, high: 0.5 }, y: { low: 0, high: 0.5 } };
    const path = /d="(M[^"]*)" class="series-1"/.exec(
      curveChart({ ...axes, view }, [{ label: 'a', curve, index: 0 }]),
    );
    // The middle of the curve is now in the upper right corner of the plot.
    expect(path?.[1]).toBe('M40 200L290 24L540 -152');
  });

  it("marks the point of a threshold with the method's symbol", () => {
    const marked = { label: 'a', curve, index: 1, mark: { x: 0.5, y: 0.5 } };
    expect(curveChart(axes, [marked])).toContain('d="M-2.5 -2.5h5v5h-5z" transform="translate(165 112)"');
    const zoomed = { ...axes, view: { ...axes.view, x: { low: 0.6, high: 1 } } };
    for (const none of [curveChart(axes, [{ ...marked, mark: undefined }]), curveChart(zoomed, [marked])])
      expect(none).not.toContain('M-2.5 -2.5h5v5h-5z');
  });

  it('shades the area beyond the limit, and everything if only that area is visible', () => {
    const shadeStart = (low: number, high: number) =>
      /class="outside-limit" x="([\d.]+)"/.exec(
        curveChart({ ...axes, view: { x: { low, high }, y: unit }, limit: 0.3 }, []),
      )?.[1];
    expect(shadeStart(0, 1)).toBe('115');
    expect(shadeStart(0.5, 1)).toBe('40');
    expect(shadeStart(0, 0.2)).toBeUndefined();
  });
});

describe('a chart of scores', () => {
  it('has a plot for each method, with a range that includes its threshold', () => {
    const high = { ...row, threshold: { score: 20, text: '' } };
    const flat = { ...row, histogram: { ...row.histogram, high: 0 }, threshold: undefined };
    const [first, second, third] = scorePlots([row, high, flat], size);
    expect([first.x, second.x, third.x]).toEqual([
      { low: 0, high: 10 },
      { low: 0, high: 20 },
      { low: 0, high: 1 },
    ]);
    expect(first.bottom).toBeLessThan(second.top);
    expect(third.bottom).toBeLessThan(size.height);
  });

  it('converts pixels back to scores, clamped to the ends', () => {
    const [plot] = scorePlots([row], size);
    expect(valueAt(plot, xAt(plot, 3.7))).toBeCloseTo(3.7);
    expect([valueAt(plot, 0), valueAt(plot, 1000)]).toEqual([0, 10]);
  });

  it('labels counts and thresholds', () => {
    const text = scoreChart('Scores', [row], size).replaceAll(/<[^>]*>/g, ' ');
    for (const label of ['default', 'threshold 5.00', '10', '100', '1k']) expect(text).toContain(label);
  });
});

describe('a chart document', () => {
  it('shows normal pixels filled, anomalous pixels hatched, and the threshold as a vertical line', async () => {
    const image = await rasterize(chartDocument('linen', scoreChart('Scores', [row], size), size));
    expect([image.width, image.height]).toEqual([424, 348]);
    const [plot] = scorePlots([row], size);
    const at = (score: number, y: number) => image.at(Math.round(12 + xAt(plot, score)), Math.round(36 + y));
    expect(at(1.2, plot.bottom - 60)).toEqual([0xc3, 0xc9, 0xd0]);
    expect(at(9, plot.bottom - 60)).toEqual([255, 255, 255]);
    expect(Math.max(...at(5, plot.top + 3))).toBeLessThan(128);
    const hatched = Array.from({ length: 12 }, (_, i) => at(6.2, plot.bottom - 30 - i));
    expect(hatched.some(([red, , blue]) => red > blue + 40)).toBe(true);
    expect(hatched.some(([, , blue]) => blue > 240)).toBe(true);
  });

  it('has a legend entry for each method', async () => {
    const series = [0, 1].map((index) => ({ label: `method ${index}`, curve, index }));
    const svg = chartDocument('linen', curveChart(axes, series, size), size, series);
    expect((await rasterize(svg)).height).toBe(348 + 2 * 18);
    expect(svg).toMatch(/method 0<.*method 1</);
  });

  it('escapes every name and is self-contained', async () => {
    const hostile = { label: HOSTILE, curve, index: 0 };
    const files = [
      chartDocument(
        HOSTILE,
        curveChart({ ...axes, title: HOSTILE, x: HOSTILE, y: HOSTILE }, [hostile], size),
        size,
        [hostile],
      ),
      chartDocument(HOSTILE, scoreChart(HOSTILE, [{ ...row, label: HOSTILE }], size), size),
    ];
    for (const file of files) {
      expect(file).not.toMatch(/<script|href|@import|url\((?!#hatch)/i);
      expect((await rasterize(file)).width).toBe(424);
    }
  });
});
