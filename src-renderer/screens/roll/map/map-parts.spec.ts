import { describe, expect, it } from 'vitest';
import { aRoll } from '../../../state/test/rolls.ts';
import { mapLayout } from './map-layout.ts';
import type { MapArea } from './place-marks.ts';
import { certaintyText, repeatLines, repeatText } from './repeat-lines.ts';
import { stretchBars } from './stretch-bars.ts';

const area: MapArea = { shown: { from: 0, to: 40_000 }, rollWidth: 1000, width: 1000, top: 20, bottom: 120 };
const rows = { top: 100, bottom: 140 };
const stretch = (from: number, points: number, uncapped = points) => ({
  from,
  to: from + 1000,
  points,
  uncapped,
  defects: [],
});

describe('the bars of points along a roll', () => {
  it('stand at their stretch, and the most points fill the height', () => {
    const bars = stretchBars([stretch(0, 2), stretch(1000, 0), stretch(2000, 4)], 0.5, area, rows);
    expect(bars.map(({ x, width, top, height }) => [x, width, top, height])).toEqual([
      [0, 49, 120, 20],
      [100, 49, 100, 40],
    ]);
  });

  it('show points above the limit of a stretch on top of those that count', () => {
    const [bar] = stretchBars([stretch(0, 4, 8)], 0.5, area, rows);
    expect([bar.height, bar.above]).toEqual([20, 20]);
  });

  it('are left out beyond the shown part', () => {
    const zoomed = { ...area, shown: { from: 4000, to: 5000 } };
    const bars = stretchBars([stretch(0, 1), stretch(2000, 1), stretch(9000, 1)], 0.5, zoomed, rows);
    expect(bars.map(({ from }) => from)).toEqual([2000]);
  });
});

describe('the line of a repeating defect', () => {
  const repeat = {
    id: 1,
    unit: 'mm' as const,
    pitch: 628.4,
    across: 250,
    count: 7,
    from: 5000,
    to: 10_000,
    defects: [],
    missing: 1,
    jitter: 3.2,
    falseAlarms: 0.0042,
  };

  it('runs through its lane from the first to the last, in millimeters or pixels', () => {
    const [inMm] = repeatLines([repeat], aRoll().scale, area);
    expect([inMm.from, inMm.to, inMm.y, inMm.middle]).toEqual([250, 500, 70, 375]);
    const [inPx] = repeatLines([{ ...repeat, unit: 'px' }], null, area);
    expect([inPx.from, inPx.to, inPx.y]).toEqual([125, 250, 45]);
  });

  it('has its label in the visible part', () => {
    const zoomed = { ...area, shown: { from: 15_000, to: 25_000 } };
    const [line] = repeatLines([repeat], aRoll().scale, zoomed);
    expect(line.middle).toBe(250);
    const away = { ...area, shown: { from: 30_000, to: 40_000 } };
    expect(repeatLines([repeat], aRoll().scale, away)).toEqual([]);
  });

  it('names the pitch and the number', () => {
    expect(repeatText(repeat, 'mm')).toBe('every 62.8 cm, 7 times');
    expect(repeatText(repeat, 'inch')).toBe('every 24.7 in, 7 times');
    expect(repeatText({ pitch: 1052.36, unit: 'px', count: 20 }, 'mm')).toBe('every 1\u202f052 px, 20 times');
  });

  it('says how sure it is', () => {
    expect(certaintyText(repeat, 'mm')).toBe('1 missing, ±3.20 mm, 0.004 expected by chance');
    expect(certaintyText({ missing: 0, jitter: 2, unit: 'px', falseAlarms: 5e-12 }, 'mm')).toBe(
      'none missing, ±2.0 px, less than 0.000001 expected by chance',
    );
  });
});

describe("the layout of a roll's map", () => {
  it('gives the roll all room without axis, bars and overview', () => {
    const { band, bars, overview } = mapLayout(200, true);
    expect([band, bars, overview]).toEqual([
      { top: 20, bottom: 146 },
      { top: 152, bottom: 182 },
      { top: 188, bottom: 200 },
    ]);
    expect(mapLayout(200, false)).toEqual({ band: { top: 20, bottom: 182 }, bars: undefined, overview });
  });

  it('leaves out the bars where the roll would be too flat', () => {
    expect(mapLayout(110, true).bars).toBeUndefined();
  });
});
