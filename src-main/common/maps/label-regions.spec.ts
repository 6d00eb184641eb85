import { describe, expect, it } from 'vitest';
import { labelRegions } from './label-regions.ts';

/** A mask from rows of `#` (inside) and `.` (outside). */
function maskOf(...rows: string[]) {
  const mask = Uint8Array.from(rows.join(''), (character) => (character === '#' ? 1 : 0));
  return labelRegions(mask, rows[0].length, rows.length);
}

describe('the regions of a mask', () => {
  it('are 8-connected and numbered by their first pixels', () => {
    const { labels, count } = maskOf('.#..#', '#...#', '..#..');
    expect(count).toBe(3);
    expect([...labels]).toEqual([0, 1, 0, 0, 2, 1, 0, 0, 0, 2, 0, 0, 3, 0, 0]);
  });

  it('do not continue across the left and right border', () => {
    expect(maskOf('..#', '#..').count).toBe(2);
    expect(maskOf('#..#', '....', '#..#').count).toBe(4);
  });

  it('follow the border around the mask', () => {
    expect(maskOf('####', '#..#', '####').count).toBe(1);
  });

  it('join branches that meet below', () => {
    const { labels, count } = maskOf('#.#', '#.#', '###');
    expect(count).toBe(1);
    expect(new Set(labels)).toEqual(new Set([0, 1]));
  });

  it.each([
    ['a single pixel inside', ['#'], 1],
    ['a single pixel outside', ['.'], 0],
    ['one row', ['#.##.#'], 3],
    ['one column', ['#', '#', '.', '#'], 2],
  ])('of %s', (_, rows, expected) => {
    expect(maskOf(...rows).count).toBe(expected);
  });

  it('count every nonzero value as inside', () => {
    expect(labelRegions(Uint8Array.of(0, 7, 255), 3, 1).count).toBe(1);
  });

  it('of a large mask need no recursion', () => {
    const side = 1000;
    expect(labelRegions(new Uint8Array(side * side).fill(1), side, side).count).toBe(1);
  });
});
