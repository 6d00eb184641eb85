import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AnomalyMap } from '../../src-main/common/maps/anomaly-map.ts';
import { resizeToImage } from '../../src-main/common/maps/resize.ts';
import { levelSize, TILE_SIDE, tileSize } from '../../src-main/common/tiles.ts';
import { halveByMaximum, TiledMap, WholeMap } from './map-levels.ts';
import { sampleMap } from './sample-map.ts';

function aMap(width: number, height: number, seed = 1): AnomalyMap {
  let state = seed;
  const values = Float32Array.from({ length: width * height }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  });
  return { values, width, height };
}

/** Serves the tiles of a map that is in memory. */
function tiled(map: AnomalyMap): { levels: TiledMap; loads: string[] } {
  const whole = new WholeMap(map);
  const loads: string[] = [];
  const levels = new TiledMap(map, async (address) => {
    loads.push(`${address.level}/${address.x}/${address.y}`);
    const size = tileSize(map, address);
    return await whole.window(address.level, {
      x: address.x * TILE_SIDE,
      y: address.y * TILE_SIDE,
      ...size,
    });
  });
  return { levels, loads };
}

it('samples any part as the map resized to its image', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(1, 3, 4, 7.5),
      fc.tuple(...([0, 1, 2, 3].map(() => fc.double({ min: 0, max: 1, noNaN: true })) as never[])),
      async (width, height, stride, fractions) => {
        const map = aMap(width, height);
        const extent = { extentWidth: width * stride, extentHeight: height * stride };
        const image = {
          width: Math.max(1, Math.floor(extent.extentWidth - 1)),
          height: Math.max(1, Math.floor(extent.extentHeight - 1)),
        };
        const [a, b, c, d] = fractions as number[];
        const x = Math.floor(a * (image.width - 1));
        const y = Math.floor(b * (image.height - 1));
        const part = {
          x,
          y,
          width: 1 + Math.floor(c * (image.width - x - 1)),
          height: 1 + Math.floor(d * (image.height - y - 1)),
        };
        const scores = await sampleMap({ map: new WholeMap(map), ...image, ...extent }, 0, part);
        const { values } = resizeToImage({ map, ...image, ...extent });
        for (let row = 0; row < part.height; row++)
          for (let column = 0; column < part.width; column++)
            expect(scores[row * part.width + column]).toBeCloseTo(
              values[(y + row) * image.width + x + column],
              5,
            );
      },
    ),
  );
});

it('has the same scores from tiles as from the whole map, and loads only the tiles of the part', async () => {
  const map = aMap(1300, 700);
  const extent = { extentWidth: 1300 * 4, extentHeight: 700 * 4 };
  const image = { width: 5200, height: 2800 };
  const { levels, loads } = tiled(map);
  for (const [level, part] of [
    [0, { x: 2000, y: 100, width: 100, height: 60 }],
    [2, { x: 500, y: 500, width: 300, height: 180 }],
    [4, { x: 0, y: 0, width: 325, height: 175 }],
  ] as const)
    expect(await sampleMap({ map: levels, ...image, ...extent }, level, part)).toEqual(
      await sampleMap({ map: new WholeMap(map), ...image, ...extent }, level, part),
    );
  expect(loads).toEqual(['0/0/0', '0/1/0', '0/0/0', '0/1/0', '0/0/1', '0/1/1', '2/0/0']);
});

it('keeps the largest score in every level', async () => {
  const map = aMap(37, 21);
  map.values[20 * 37 + 36] = 5;
  const half = halveByMaximum(map);
  expect(half).toMatchObject(levelSize(map, 1));
  expect(half.values.at(-1)).toBe(5);
  const whole = new WholeMap(aMap(1025, 3));
  const { values } = await whole.window(2, { x: 256, y: 0, width: 1, height: 1 });
  const top = await whole.window(0, { x: 1024, y: 0, width: 1, height: 3 });
  expect(values[0]).toBe(Math.max(...top.values));
});
