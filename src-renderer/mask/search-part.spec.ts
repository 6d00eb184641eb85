import { expect, it } from 'vitest';
import { placeSelection, searchPart } from './search-part.ts';

const STRIP = { width: 8192, height: 65_536 };

it('searches a small image whole, and a large one around the point', () => {
  expect(searchPart({ width: 4096, height: 4096 }, { x: 9, y: 9 })).toEqual({
    x: 0,
    y: 0,
    width: 4096,
    height: 4096,
  });
  expect(searchPart(STRIP, { x: 4000, y: 30_000 })).toEqual({
    x: 2976,
    y: 28_976,
    width: 2048,
    height: 2048,
  });
  expect(searchPart(STRIP, { x: 5, y: 65_530 })).toEqual({ x: 0, y: 63_488, width: 2048, height: 2048 });
  expect(searchPart({ width: 1024, height: 200_000 }, { x: 0, y: 0 })).toMatchObject({
    width: 1024,
    height: 2048,
  });
});

it('says when a selection may continue outside the part', () => {
  const part = { x: 100, y: 50, width: 10, height: 10 };
  const at = (x: number, y: number) => Float64Array.of(y * 10 + x, y * 10 + x + 1);
  const inside = placeSelection(at(4, 4), part, STRIP, true);
  expect(inside).toEqual({ runs: Float64Array.of(54 * 8192 + 104, 54 * 8192 + 105) });
  for (const [x, y] of [
    [0, 4],
    [9, 4],
    [4, 0],
    [4, 9],
  ])
    expect(placeSelection(at(x, y), part, STRIP, true).part).toEqual({ width: 10, height: 10 });
  expect(placeSelection(at(4, 4), part, STRIP, false).part).toBeDefined();
  const corner = { x: 0, y: 0, width: 10, height: 10 };
  expect(placeSelection(at(0, 0), corner, STRIP, true).part).toBeUndefined();
});
