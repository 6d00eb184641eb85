import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { curveChart } from './curve-chart.ts';
import { figure } from './chart-document.ts';
import { valueAt, xAt } from './plot.ts';
import { scoreChart, scorePlots, type ScoreRow } from './score-chart.ts';

const size = { width: 400, height: 300 };
const unit = { low: 0, high: 1 };
const HOSTILE = `<script>alert("1")</script>&'`;
const curve = { x: [0, 0.5, 1], y: [0, 0.5, 1], threshold: [3, 2, 1] };
const axes = { title: 'ROC', x: 'false positive rate', y: 'true positive rate', view: { x: unit, y: unit } };
const row: ScoreRow = {
  label: 'default',
  place: 0,
  histogram: { low: 0, high: 10, normal: [1000, 10, 0, 0], anomalous: [0, 5, 5, 0] },
  threshold: { score: 5, text: 'threshold 5.00' },
};

/** What a file shows, as pixels. */
async function drawn(svg: string) {
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
  it('shows the part of the curves that is looked at, cut at its ends', () => {
    const view = { x: { low: 0, high: 0.5 }, y: { low: 0, high: 0.5 } };
    const path = /d="(M[^"]*)" class="series-1"/.exec(
      curveChart({ ...axes, view }, [{ label: 'a', curve, place: 0 }]),
    );
    // The curve's middle is now the upper right corner of the plot.
    expect(path?.[1]).toBe('M40 200L290 24L540 -152');
  });

  it('marks the point of a threshold by the symbol of the method', () => {
    const marked = { label: 'a', curve, place: 1, mark: { x: 0.5, y: 0.5 } };
    expect(curveChart(axes, [marked])).toContain('d="M-2.5 -2.5h5v5h-5z" transform="translate(165 112)"');
    const zoomed = { ...axes, view: { ...axes.view, x: { low: 0.6, high: 1 } } };
    for (const none of [curveChart(axes, [{ ...marked, mark: undefined }]), curveChart(zoomed, [marked])])
      expect(none).not.toContain('M-2.5 -2.5h5v5h-5z');
  });

  it('shades what lies beyond the limit, all of it where only that is looked at', () => {
    const beyond = (low: number, high: number) =>
      /class="beyond" x="([\d.]+)"/.exec(
        curveChart({ ...axes, view: { x: { low, high }, y: unit }, limit: 0.3 }, []),
      )?.[1];
    expect(beyond(0, 1)).toBe('115');
    expect(beyond(0.5, 1)).toBe('40');
    expect(beyond(0, 0.2)).toBeUndefined();
  });
});

describe('a chart of scores', () => {
  it('has a plot for each method, on a scale of its own that reaches its threshold', () => {
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

  it('reads a score where it draws it, and the ends beyond them', () => {
    const [plot] = scorePlots([row], size);
    expect(valueAt(plot, xAt(plot, 3.7))).toBeCloseTo(3.7);
    expect([valueAt(plot, 0), valueAt(plot, 1000)]).toEqual([0, 10]);
  });

  it('names counts and thresholds', () => {
    const text = scoreChart('Scores', [row], size).replaceAll(/<[^>]*>/g, ' ');
    for (const named of ['default', 'threshold 5.00', '10', '100', '1k']) expect(text).toContain(named);
  });
});

describe('a chart as a file', () => {
  it('shows normal pixels filled, anomalous ones outlined, and the threshold upright', async () => {
    const picture = await drawn(figure('linen', scoreChart('Scores', [row], size), size));
    expect([picture.width, picture.height]).toEqual([424, 348]);
    const [plot] = scorePlots([row], size);
    const at = (score: number, y: number) =>
      picture.at(Math.round(12 + xAt(plot, score)), Math.round(36 + y));
    expect(at(1.2, plot.bottom - 60)).toEqual([0xc3, 0xc9, 0xd0]);
    expect(at(9, plot.bottom - 60)).toEqual([255, 255, 255]);
    expect(Math.max(...at(5, plot.top + 3))).toBeLessThan(128);
    const hatched = Array.from({ length: 12 }, (_, i) => at(6.2, plot.bottom - 30 - i));
    expect(hatched.some(([red, , blue]) => red > blue + 40)).toBe(true);
    expect(hatched.some(([, , blue]) => blue > 240)).toBe(true);
  });

  it('has a line of the legend for each method', async () => {
    const series = [0, 1].map((place) => ({ label: `method ${place}`, curve, place }));
    const svg = figure('linen', curveChart(axes, series, size), size, series);
    expect((await drawn(svg)).height).toBe(348 + 2 * 18);
    expect(svg).toMatch(/method 0<.*method 1</);
  });

  it('escapes every name, and needs nothing else', async () => {
    const hostile = { label: HOSTILE, curve, place: 0 };
    const files = [
      figure(
        HOSTILE,
        curveChart({ ...axes, title: HOSTILE, x: HOSTILE, y: HOSTILE }, [hostile], size),
        size,
        [hostile],
      ),
      figure(HOSTILE, scoreChart(HOSTILE, [{ ...row, label: HOSTILE }], size), size),
    ];
    for (const file of files) {
      expect(file).not.toMatch(/<script|href|@import|url\((?!#hatch)/i);
      expect((await drawn(file)).width).toBe(424);
    }
  });
});
