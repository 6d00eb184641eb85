import { describe, expect, it } from 'vitest';
import { columnsIn, rowHeight, scrolledTo, windowOf } from './grid-window.ts';

describe('the window of the grid', () => {
  it('holds as many columns as fit, one at least', () => {
    expect(columnsIn(1000, 160)).toBe(5);
    expect(columnsIn(100, 160)).toBe(1);
  });

  it('draws what is seen and a little more, however many there are', () => {
    const row = rowHeight(160);
    const { height, ...places } = windowOf(10_000, 5, 160, 1000 * row, 4 * row);
    expect(places).toEqual({ first: 997 * 5, firstSeen: 1000 * 5, endSeen: 1004 * 5, end: 1007 * 5 });
    expect(height).toBeGreaterThan(2000 * row);
  });

  it('ends with the last image', () => {
    expect(windowOf(7, 5, 160, 0, 10_000)).toMatchObject({ first: 0, end: 7 });
    expect(windowOf(0, 5, 160, 0, 500)).toMatchObject({ first: 0, end: 0 });
  });

  it('scrolls no farther than a row needs', () => {
    const row = rowHeight(160);
    expect(scrolledTo(3, 160, 0, 10 * row)).toBe(0);
    expect(scrolledTo(3, 160, 5 * row, 2 * row)).toBe(3 * row);
    expect(scrolledTo(9, 160, 0, 4 * row)).toBeGreaterThanOrEqual(6 * row);
  });
});
