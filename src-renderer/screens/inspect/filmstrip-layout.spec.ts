import { describe, expect, it } from 'vitest';
import { cellLeft, cellsBetween, stripGroups } from './filmstrip-layout.ts';

const metrics = { cell: 80, gap: 4, groupGap: 20 };

describe('filmstrip layout', () => {
  const groups = stripGroups([3, 2000], metrics);

  it('places groups one after the other', () => {
    expect(groups).toEqual([
      { first: 0, count: 3, left: 0, width: 248 },
      { first: 3, count: 2000, left: 268, width: 2000 * 84 - 4 },
    ]);
  });

  it('returns the position of a cell', () => {
    expect(cellLeft(2, groups, metrics)).toBe(168);
    expect(cellLeft(3, groups, metrics)).toBe(268);
    expect(cellLeft(5, groups, metrics)).toBe(268 + 168);
    expect(cellLeft(0, [], metrics)).toBe(0);
  });

  it('returns only visible cells', () => {
    expect(cellsBetween(groups[0], 0, 1000, metrics)).toEqual({ from: 0, to: 3 });
    const { from, to } = cellsBetween(groups[1], 50_000, 51_000, metrics);
    expect(to - from).toBeLessThanOrEqual(13);
    expect(cellLeft(from, groups, metrics)).toBeLessThanOrEqual(50_000);
    expect(cellLeft(to, groups, metrics)).toBeGreaterThanOrEqual(51_000);
  });

  it('returns no cells of a group outside the view', () => {
    expect(cellsBetween(groups[0], 500, 1500, metrics)).toEqual({ from: 3, to: 3 });
    expect(cellsBetween(groups[1], 0, 200, metrics)).toEqual({ from: 3, to: 3 });
  });
});
