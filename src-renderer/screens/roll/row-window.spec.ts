import { describe, expect, it } from 'vitest';
import { ROW, rowsBetween, scrollToRow } from './row-window.ts';

describe('the rendered rows of a long list', () => {
  it('are the visible ones and a few around them', () => {
    expect(rowsBetween(1000, 0, 10 * ROW)).toEqual({ first: 0, end: 18 });
    expect(rowsBetween(1000, 500 * ROW, 10 * ROW)).toEqual({ first: 492, end: 518 });
    expect(rowsBetween(1000, 995 * ROW, 10 * ROW)).toEqual({ first: 987, end: 1000 });
    expect(rowsBetween(3, 500 * ROW, 10 * ROW)).toEqual({ first: 3, end: 3 });
    expect(rowsBetween(0, 0, 100)).toEqual({ first: 0, end: 0 });
  });

  it('scroll no further than a row needs', () => {
    const height = 10 * ROW;
    expect(scrollToRow(5, 0, height)).toBe(0);
    expect(scrollToRow(10, 0, height)).toBe(ROW);
    expect(scrollToRow(2, 5 * ROW, height)).toBe(2 * ROW);
  });
});
