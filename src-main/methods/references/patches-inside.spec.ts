import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fallbackBackend } from '../backend/fallback-backend.ts';
import { mulberry32 } from '../prng.ts';
import { referenceFor, statisticNamed } from '../registry.ts';
import { patchesInside, tilesInside } from './patches-inside.ts';

const HEIGHT = 17;
const WIDTH = 21;
const T = 3;

const random = mulberry32(3);
const features = {
  values: Float32Array.from({ length: 2 * HEIGHT * WIDTH }, () => random()),
  channels: 2,
  height: HEIGHT,
  width: WIDTH,
};

/** 1 in a rectangle of the map. */
function rectangle(left: number, top: number, width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: HEIGHT * WIDTH }, (_, at) => {
    const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
    return Number(x >= left && y >= top && x < left + width && y < top + height);
  });
}

function crop(left: number, top: number, width: number, height: number) {
  const values = Float32Array.from({ length: 2 * width * height }, (_, at) => {
    const [channel, position] = [Math.floor(at / (width * height)), at % (width * height)];
    const [x, y] = [left + (position % width), top + Math.floor(position / width)];
    return features.values[(channel * HEIGHT + y) * WIDTH + x];
  });
  return { values, channels: 2, height, width };
}

const masks = fc
  .array(fc.constantFrom(0, 1, 1, 1, 1, 1, 1, 1), { minLength: HEIGHT * WIDTH, maxLength: HEIGHT * WIDTH })
  .map((cells) => Uint8Array.from(cells));

describe('the tiles and patches inside an inspection region', () => {
  it('are all tiles and patches if the region is the whole map', () => {
    const inside = new Uint8Array(HEIGHT * WIDTH).fill(1);
    expect(tilesInside(inside, features, T).length).toBe(Math.floor(HEIGHT / T) * Math.floor(WIDTH / T));
    expect(patchesInside(inside, features, T).length).toBe(HEIGHT * WIDTH);
  });

  it('contain no position outside, and omit no tile or patch that is completely inside', () => {
    fc.assert(
      fc.property(masks, (inside) => {
        const isInside = (y: number, x: number) =>
          y < 0 || x < 0 || y >= HEIGHT || x >= WIDTH || inside[y * WIDTH + x] === 1;
        const fits = (top: number, left: number) =>
          Array.from({ length: T * T }, (_, at) => isInside(top + Math.floor(at / T), left + (at % T))).every(
            Boolean,
          );
        const columns = Math.floor(WIDTH / T);
        const tiles = Array.from({ length: columns * Math.floor(HEIGHT / T) }, (_, tile) => tile).filter(
          (tile) => fits(Math.floor(tile / columns) * T, (tile % columns) * T),
        );
        const patches = Array.from(inside.keys()).filter((at) =>
          fits(Math.floor(at / WIDTH) - 1, (at % WIDTH) - 1),
        );
        fc.pre(tiles.length > 0 && patches.length > 0);
        expect([...tilesInside(inside, features, T)]).toEqual(tiles);
        expect([...patchesInside(inside, features, T)]).toEqual(patches);
      }),
    );
  });

  it('are an error if nothing fits', () => {
    const inside = rectangle(4, 4, 2, 9);
    expect(() => tilesInside(inside, features, T)).toThrow(/contains no whole tile of 3 x 3 positions/);
    expect(() => patchesInside(inside, features, T)).toThrow(/contains no whole patch of 3 x 3 positions/);
  });
});

describe('a reference from an inspection region', () => {
  const execution = { threads: 1 };
  const select = (statistic: string, spec: string, inside?: Uint8Array, of = features) =>
    referenceFor(statisticNamed(statistic), spec).select(
      { features: of, patchSize: T, inside },
      fallbackBackend,
      execution,
    );

  it.each(['median', 'mean'])(
    '%s equals that of the cropped map if the region consists of tiles',
    async (spec) => {
      const expected = await select('fca', spec, undefined, crop(3, 6, 12, 9));
      expect(await select('fca', spec, rectangle(3, 6, 12, 9))).toEqual(expected);
      // The region may end inside the next tiles.
      expect(await select('fca', spec, rectangle(1, 5, 16, 12))).toEqual(expected);
    },
  );

  it.each(['random:5:2', 'all', 'knn:4'])('%s consists of patches inside', async (spec) => {
    const inside = rectangle(3, 6, 12, 9);
    const among = patchesInside(inside, features, T);
    const selection = await select('fca', spec, inside);
    if (selection.kind === 'indices') {
      expect(selection.indices.length).toBe(5);
      for (const index of selection.indices) expect(among).toContain(index);
    } else expect(selection).toMatchObject({ among });
  });

  it.each(['median', 'mean', 'random:5:2', 'all', 'knn:4'])(
    '%s equals that without a region if the region is the whole map',
    async (spec) => {
      const whole = new Uint8Array(HEIGHT * WIDTH).fill(1);
      const { among: _, ...inRegion } = { among: undefined, ...(await select('fca', spec, whole)) };
      expect(inRegion).toEqual(await select('fca', spec));
    },
  );

  it('global is the mean inside, independent of the positions outside', async () => {
    const inside = rectangle(3, 6, 12, 9);
    const changed = { ...features, values: features.values.map((v, at) => (at % WIDTH === 20 ? 9 : v)) };
    const parameters = { patchSize: T, sigma: 2 };
    const map = async (of: typeof features) =>
      fallbackBackend.moments(
        of,
        (await select('moments', 'global', inside, of)) as { kind: 'global' },
        parameters,
        execution,
      );
    const [before, after] = [await map(features), await map(changed)];
    for (const at of patchesInside(inside, features, T)) expect(after[at]).toBe(before[at]);
  });
});
