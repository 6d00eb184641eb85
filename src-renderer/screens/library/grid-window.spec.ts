import { describe, expect, it } from 'vitest';
import { columnsIn, rowHeight, scrollTarget, visibleWindow } from './grid-window.ts';

describe('the visible window of the grid', () => {
  it('has as many columns as fit, at least one', () => {
    expect(columnsIn(1000, 160)).toBe(5);
    expect(columnsIn(100, 160)).toBe(1);
  });

  it('renders the visible rows and a margin, independent of the number of images', () => {
    const row = rowHeight(160);
    const { height, ...indices } = visibleWindow(10_000, 5, 160, 1000 * row, 4 * row);
    expect(indices).toEqual({ first: 997 * 5, firstVisible: 1000 * 5, endVisible: 1004 * 5, end: 1007 * 5 });
    expect(height).toBeGreaterThan(2000 * row);
  });

  it('ends with the last image', () => {
    expect(visibleWindow(7, 5, 160, 0, 10_000)).toMatchObject({ first: 0, end: 7 });
    expect(visibleWindow(0, 5, 160, 0, 500)).toMatchObject({ first: 0, end: 0 });
  });

  it('scrolls no further than needed to show a row', () => {
    const row = rowHeight(160);
    expect(scrollTarget(3, 160, 0, 10 * row)).toBe(0);
    expect(scrollTarget(3, 160, 5 * row, 2 * row)).toBe(3 * row);
    expect(scrollTarget(9, 160, 0, 4 * row)).toBeGreaterThanOrEqual(6 * row);
  });
});
