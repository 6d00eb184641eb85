import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { panWindow, reveal, spanOf, wholeRoll, windowAround, zoomWindow } from './map-window.ts';

const LENGTH = 100_000;
const length = fc.integer({ min: 1, max: 1_000_000 });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const position = (window: { from: number; to: number }, at: number) => (at - window.from) / spanOf(window);

describe("the window of a roll's map", () => {
  it('starts with the whole roll and never leaves it', () => {
    fc.assert(
      fc.property(
        length,
        share,
        fc.array(fc.tuple(share, fc.double({ min: 0.01, max: 100, noNaN: true }))),
        (total, start, steps) => {
          let shown = windowAround(start * total, total / 3, total);
          for (const [at, factor] of steps) {
            shown = zoomWindow(shown, factor, shown.from + at * spanOf(shown), total);
            shown = panWindow(shown, at - 0.5, total);
            expect(shown.from).toBeGreaterThanOrEqual(0);
            expect(shown.to).toBeLessThanOrEqual(total + 1e-6 * total);
            expect(spanOf(shown)).toBeGreaterThan(0);
          }
        },
      ),
    );
    expect(wholeRoll(LENGTH)).toEqual({ from: 0, to: LENGTH });
  });

  it('keeps the position under the pointer while it zooms in', () => {
    const shown = zoomWindow(wholeRoll(LENGTH), 4, 30_000, LENGTH);
    expect(spanOf(shown)).toBeCloseTo(LENGTH / 4);
    expect(position(shown, 30_000)).toBeCloseTo(0.3);
    const deeper = zoomWindow(shown, 10, 31_000, LENGTH);
    expect(position(deeper, 31_000)).toBeCloseTo(position(shown, 31_000));
  });

  it('zooms out to the whole roll at most, and in to 64 pixels at most', () => {
    const shown = windowAround(99_000, 2000, LENGTH);
    expect(zoomWindow(shown, 1e-6, 99_000, LENGTH)).toEqual(wholeRoll(LENGTH));
    expect(spanOf(zoomWindow(shown, 1e9, 99_000, LENGTH))).toBe(64);
    expect(zoomWindow(wholeRoll(20), 4, 10, 20)).toEqual(wholeRoll(20));
  });

  it('pans by a part of its span, up to the ends', () => {
    const shown = windowAround(50_000, 10_000, LENGTH);
    expect(panWindow(shown, 0.5, LENGTH)).toEqual({ from: 50_000, to: 60_000 });
    expect(panWindow(shown, -20, LENGTH)).toEqual({ from: 0, to: 10_000 });
  });

  it('moves only for a range that it does not show', () => {
    const shown = windowAround(50_000, 10_000, LENGTH);
    expect(reveal(shown, { from: 46_000, to: 46_500 }, LENGTH)).toBe(shown);
    expect(reveal(shown, { from: 70_000, to: 70_200 }, LENGTH)).toEqual({ from: 65_100, to: 75_100 });
    expect(spanOf(reveal(shown, { from: 20_000, to: 60_000 }, LENGTH))).toBe(48_000);
  });
});
