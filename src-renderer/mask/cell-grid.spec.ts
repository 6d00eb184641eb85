import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CellGrid, type Cell } from './cell-grid.ts';
import { sizes } from './test/arbitrary.ts';

const rectangles = fc.record({
  x: fc.nat(23),
  y: fc.nat(23),
  width: fc.integer({ min: 1, max: 24 }),
  height: fc.integer({ min: 1, max: 24 }),
});
const steps = fc.array(fc.record({ rectangle: rectangles, set: fc.boolean(), byRow: fc.boolean() }), {
  maxLength: 8,
});

describe('CellGrid', () => {
  it('has the cells that were filled last', () => {
    fc.assert(
      fc.property(sizes, steps, ({ width, height }, fills) => {
        const grid = new CellGrid({ width, height }, 4);
        const expected = new Uint8Array(width * height);
        for (const { rectangle, set, byRow } of fills) {
          const x = Math.min(rectangle.x, width - 1);
          const y = Math.min(rectangle.y, height - 1);
          const clipped = {
            x,
            y,
            width: Math.min(rectangle.width, width - x),
            height: Math.min(rectangle.height, height - y),
          };
          const value: Cell = set ? 255 : 0;
          if (!byRow) grid.fillRectangle(clipped, value);
          for (let row = y; row < y + clipped.height; row++) {
            if (byRow) grid.fill(row, x, x + clipped.width, value);
            expected.fill(value, row * width + x, row * width + x + clipped.width);
          }
        }
        const cells = Uint8Array.from(expected, (_, at) => grid.at(at % width, Math.floor(at / width)));
        expect(cells).toEqual(expected);
        const listed = new Uint8Array(width * height);
        const { runs } = grid;
        for (let at = 0; at < runs.length; at += 2) listed.fill(255, runs[at], runs[at + 1]);
        expect(listed).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('takes no memory where all cells are equal', () => {
    const grid = new CellGrid({ width: 8192, height: 65_536 });
    expect(grid.bytes).toBe(0);
    for (let row = 1000; row < 1010; row++) grid.fill(row, 300, 310, 255);
    expect(grid.bytes).toBe(256 * 256);
    grid.fillRectangle({ x: 0, y: 0, width: 8192, height: 65_536 }, 255);
    expect(grid.bytes).toBe(0);
    expect(grid.at(8191, 65_535)).toBe(255);
    for (let row = 0; row < 256; row++) grid.fill(row, 0, 8192, 0);
    expect(grid.bytes).toBe(0);
  });
});
