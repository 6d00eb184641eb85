import { describe, expect, it } from 'vitest';
import type { InspectionRegion } from '../api/regions.ts';
import type { PlacedMap } from './placed-map.ts';
import { pixelsInside } from './pixels-inside.ts';
import { resizeToImage } from './resize.ts';

/** A map of stride 4 on an image of 32 x 24 pixels. */
function placedWith(region: InspectionRegion | null, valueAt: (x: number, y: number) => number): PlacedMap {
  const values = Float32Array.from({ length: 48 }, (_, at) => valueAt(at % 8, Math.floor(at / 8)));
  const size = { width: 32, height: 24, extentWidth: 32, extentHeight: 24 };
  return { map: { values, width: 8, height: 6 }, ...size, region };
}

const rectangle: InspectionRegion = {
  include: [{ type: 'rectangle', left: 8, top: 8, width: 16, height: 12 }],
  exclude: [],
  border: 0,
};
const isInside = (x: number, y: number) => x >= 2 && x < 6 && y >= 2 && y < 5;

describe('the pixels of a map', () => {
  it('equal those of the resized map if the whole image is inspected', () => {
    const placed = placedWith(null, (x, y) => x * y);
    expect(pixelsInside(placed)).toEqual({ scores: resizeToImage(placed).values });
  });

  it('inside a region do not depend on the scores outside', () => {
    const inside = (x: number, y: number) => Math.sin(3 * x + y);
    const [low, high] = [-9, 1e6].map((outside) =>
      pixelsInside(placedWith(rectangle, (x, y) => (isInside(x, y) ? inside(x, y) : outside))),
    );
    expect(low).toEqual(high);
    expect(low.inside?.reduce((sum, value) => sum + value, 0)).toBe(16 * 12);
    expect(Math.max(...low.scores)).toBeLessThanOrEqual(1);
  });

  it("inside and away from the region's edge, equal those of the resized map", () => {
    const placed = placedWith(rectangle, (x, y) => Math.sin(3 * x + y));
    const [{ scores }, { values }] = [pixelsInside(placed), resizeToImage(placed)];
    for (let y = 10; y < 18; y++) {
      for (let x = 10; x < 22; x++) expect(scores[y * 32 + x]).toBe(values[y * 32 + x]);
    }
  });
});
