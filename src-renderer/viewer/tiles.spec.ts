import { expect, it } from 'vitest';
import type { TileAddress } from '../../src-main/common/tiles.ts';
import { levelFor, pixelsFor, tilesOver, type TileSource } from './tiles.ts';

const STRIP = { width: 8192, height: 65_536 };

it('chooses the level whose pixels are at most two per device pixel', () => {
  expect([4, 1, 0.99, 0.5, 0.3, 0.25, 0.0001].map((zoom) => levelFor(zoom, STRIP))).toEqual([
    0, 0, 0, 1, 1, 2, 7,
  ]);
});

it('has the tiles over a part, from its center outward, clipped to the image', () => {
  const part = { x: 500, y: 1000, width: 600, height: 30 };
  const names = (tiles: TileAddress[]) => tiles.map(({ x, y }) => `${x},${y}`).sort();
  expect(names(tilesOver(STRIP, 0, part))).toEqual(['0,1', '0,2', '1,1', '1,2', '2,1', '2,2']);
  expect(names(tilesOver(STRIP, 2, part))).toEqual(['0,0']);
  expect(names(tilesOver(STRIP, 2, part, 1))).toEqual(['0,0', '0,1', '1,0', '1,1']);
  const row = { x: 0, y: 0, width: 5 * 512, height: 10 };
  expect(tilesOver(STRIP, 0, row).map(({ x }) => x)[0]).toBe(2);
});

/** A source with the given tiles; each is a stand-in bitmap with its address. */
function sourceWith(addresses: string[], preview?: ImageBitmap): TileSource {
  return {
    size: { width: 3000, height: 1500 },
    peek: ({ level, x, y }) => {
      const name = `${level}/${x}/${y}`;
      return addresses.includes(name)
        ? ({ name, width: 512, height: 512 } as unknown as ImageBitmap)
        : undefined;
    },
    preview,
    show: () => {},
  };
}

it('draws a tile if it has loaded, and otherwise its part of a coarser one', () => {
  const tile = { level: 0, x: 3, y: 1 };
  expect(pixelsFor(sourceWith(['0/3/1', '1/1/0']), tile)).toMatchObject({
    bitmap: { name: '0/3/1' },
    part: { x: 0, y: 0, width: 512, height: 512 },
  });
  expect(pixelsFor(sourceWith(['1/1/0', '2/0/0']), tile)).toMatchObject({
    bitmap: { name: '1/1/0' },
    part: { x: 256, y: 256, width: 256, height: 256 },
  });
  expect(pixelsFor(sourceWith(['2/0/0']), tile)).toMatchObject({
    bitmap: { name: '2/0/0' },
    part: { x: 384, y: 128, width: 128, height: 128 },
  });
});

it('falls back to the preview, and to nothing', () => {
  const preview = { width: 300, height: 150 } as ImageBitmap;
  expect(pixelsFor(sourceWith([], preview), { level: 0, x: 5, y: 2 })).toEqual({
    bitmap: preview,
    part: { x: 256, y: 102.4, width: 44, height: 47.599999999999994 },
  });
  expect(pixelsFor(sourceWith([]), { level: 0, x: 0, y: 0 })).toBeUndefined();
});
