import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tileCount, tileLimit, tileSample } from './tile-sample.ts';

/** Numbers of the tiles of a sample in the whole map. */
function tilesOf(groups: ReturnType<typeof tileSample>, columns: number, patchSize: number): number[] {
  return groups.flatMap(({ area, numbers }) =>
    numbers.map((number) => {
      const across = area.width / patchSize;
      const column = area.left / patchSize + (number % across);
      return (area.top / patchSize + Math.floor(number / across)) * columns + column;
    }),
  );
}

describe('the sample of tiles', () => {
  it('has different tiles of the map, at most the limit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        fc.constantFrom(3, 9),
        fc.integer({ min: 1, max: 5000 }),
        (columns, rows, patchSize, limit) => {
          const map = { width: columns * patchSize + 2, height: rows * patchSize + 1 };
          const tiles = tilesOf(tileSample(map, patchSize, limit), columns, patchSize);
          expect(tiles.length).toBeGreaterThan(0);
          expect(tiles.length).toBeLessThanOrEqual(limit);
          expect(new Set(tiles).size).toBe(tiles.length);
          for (const tile of tiles) expect(tile).toBeLessThan(tileCount(map, patchSize));
        },
      ),
    );
  });

  it.each([
    { width: 2048, height: 16_384 },
    { width: 256, height: 50_000 },
    { width: 50_000, height: 256 },
    { width: 3000, height: 3000 },
  ])('is spread evenly over $width x $height positions', (map) => {
    const groups = tileSample(map, 9, tileLimit(9, 70));
    expect(groups.reduce((sum, { numbers }) => sum + numbers.length, 0)).toBeGreaterThan(3500);
    for (const [at, side] of [
      ['left', 'width'],
      ['top', 'height'],
    ] as const) {
      const centers = groups.map(({ area }) => (area[at] + area[side] / 2) / map[side]);
      const inQuarter = [0, 1, 2, 3].map((q) => centers.filter((c) => Math.floor(4 * c) === q).length);
      expect(Math.min(...inQuarter)).toBeGreaterThan(groups.length / 8);
    }
  });

  it('is inside a region, and empty if no tile is', () => {
    const map = { width: 900, height: 900 };
    const isInside = (column: number, row: number) => column < 10 && row > 80;
    const tiles = tilesOf(tileSample(map, 9, 4096, isInside), 100, 9);
    expect(tiles.length).toBeGreaterThan(150);
    expect(tiles.every((tile) => isInside(tile % 100, Math.floor(tile / 100)))).toBe(true);
    expect(tileSample(map, 9, 4096, () => false)).toEqual([]);
  });

  it('is smaller for features of many channels', () => {
    expect(tileLimit(9, 70)).toBe(4096);
    expect(tileLimit(9, 512)).toBe(809);
  });
});
