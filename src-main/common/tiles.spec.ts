import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isTile, levelCount, levelSize, needsTiles, TILE_SIDE, tileGrid, tileSize } from './tiles.ts';

const sizes = fc.record({
  width: fc.integer({ min: 1, max: 300_000 }),
  height: fc.integer({ min: 1, max: 300_000 }),
});

it('ends with the first level that fits one tile', () => {
  expect(levelCount({ width: 512, height: 512 })).toBe(1);
  expect(levelCount({ width: 513, height: 1 })).toBe(2);
  expect(levelCount({ width: 8192, height: 65_536 })).toBe(8);
  fc.assert(
    fc.property(sizes, (size) => {
      const last = levelCount(size) - 1;
      expect(tileGrid(size, last)).toEqual({ columns: 1, rows: 1 });
      if (last > 0) expect(Math.max(...Object.values(tileGrid(size, last - 1)))).toBeGreaterThan(1);
    }),
  );
});

it('halves each level, rounded up', () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 0, max: 10 }), (size, level) => {
      const { width, height } = levelSize(size, level);
      expect(levelSize(size, level + 1)).toEqual({
        width: Math.ceil(width / 2),
        height: Math.ceil(height / 2),
      });
    }),
  );
});

it('covers each level with tiles', () => {
  const size = { width: 1500, height: 700 };
  const { columns, rows } = tileGrid(size, 0);
  let area = 0;
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const tile = tileSize(size, { level: 0, x, y });
      expect(Math.max(tile.width, tile.height)).toBeLessThanOrEqual(TILE_SIDE);
      area += tile.width * tile.height;
    }
  expect(area).toBe(1500 * 700);
});

it('knows the tiles that exist', () => {
  const size = { width: 1500, height: 700 };
  expect(isTile(size, { level: 0, x: 2, y: 1 })).toBe(true);
  expect(isTile(size, { level: 0, x: 3, y: 0 })).toBe(false);
  expect(isTile(size, { level: 2, x: 0, y: 0 })).toBe(true);
  expect(isTile(size, { level: 3, x: 0, y: 0 })).toBe(false);
  expect(isTile(size, { level: 0, x: 0.5, y: 0 })).toBe(false);
});

it('is needed for images that a page cannot draw whole', () => {
  expect(needsTiles({ width: 8192, height: 8192 })).toBe(false);
  expect(needsTiles({ width: 8192, height: 8193 })).toBe(true);
  expect(needsTiles({ width: 100, height: 16_385 })).toBe(true);
});
