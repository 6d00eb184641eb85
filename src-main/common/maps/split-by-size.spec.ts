import { describe, expect, it } from 'vitest';
import type { PlacedMap } from './placed-map.ts';
import { regionsAbove } from './regions.ts';
import { splitBySize, type RegionSizeLimits } from './split-by-size.ts';

/** A map with one position per 4 x 2 pixels; digits are scores. */
function mapOf(...rows: string[]): PlacedMap {
  const [height, width] = [rows.length, rows[0].length];
  const values = Float32Array.from(rows.join(''), Number);
  return {
    map: { values, width, height },
    width: 4 * width,
    height: 2 * height,
    extentWidth: 4 * width,
    extentHeight: 2 * height,
  };
}
type Limits = Partial<RegionSizeLimits['sizeLimits'] & Omit<RegionSizeLimits, 'sizeLimits'>>;
const limits = ({ edgeMargin = 0, mmPerPixel = null, ...part }: Limits): RegionSizeLimits => ({
  edgeMargin,
  mmPerPixel,
  sizeLimits: { unit: 'positions', minArea: 0, minLength: 0, ...part },
});
const peaks = (placed: PlacedMap) => regionsAbove(placed, 5).map(({ peak }) => peak);

describe('splitBySize', () => {
  // Regions of 3 and 4 positions; corners connect.
  const placed = mapOf('990004', '800060', '000700', '077000');

  it('separates regions by area in positions, pixels and square millimeters', () => {
    const split = (part: Limits) => {
      const { large, small } = splitBySize(placed, 5, limits(part));
      return { large: peaks(large), small: peaks(small) };
    };
    expect(split({ minArea: 3 })).toEqual({ large: [9, 7], small: [] });
    expect(split({ minArea: 4 })).toEqual({ large: [7], small: [9] });
    expect(split({ unit: 'px', minArea: 8 * 4 })).toEqual({ large: [7], small: [9] });
    expect(split({ unit: 'px', minArea: 8 * 4 + 1 })).toEqual({ large: [], small: [9, 7] });
    expect(split({ unit: 'mm', mmPerPixel: 0.5, minArea: 8 })).toEqual({ large: [7], small: [9] });
  });

  it('separates regions by the diagonal of their bounding box', () => {
    const split = (part: Limits) => peaks(splitBySize(placed, 5, limits(part)).large);
    expect(split({ minLength: 5 })).toEqual([7]);
    expect(split({ minLength: 5.1 })).toEqual([]);
    expect(split({ unit: 'px', minLength: Math.hypot(8, 4) })).toEqual([9, 7]);
  });

  it('measures by the scale of each direction', () => {
    // Boxes of 2 x 2 and 3 x 4 positions, with 4 x 2 pixels each.
    const split = (minLength: number, direction?: 'down' | 'right') => {
      const part = limits({ unit: 'mm', mmPerPixel: { across: 0.25, along: 2 }, minLength });
      return peaks(splitBySize({ ...placed, direction }, 5, part).large);
    };
    const [smaller, larger] = [Math.hypot(2, 8), Math.hypot(3, 16)];
    expect(split(smaller)).toEqual([9, 7]);
    expect(split(smaller + 0.01)).toEqual([7]);
    expect(split(larger + 0.01)).toEqual([]);
    expect(split(Math.hypot(16, 1), 'right')).toEqual([9, 7]);
    expect(split(Math.hypot(16, 1) + 0.01, 'right')).toEqual([7]);
  });

  it('counts the edge margin as part of the small regions', () => {
    const { large, small } = splitBySize(placed, 5, limits({ edgeMargin: 1, minArea: 2 }));
    expect(peaks(large)).toEqual([7]);
    expect([...large.map.values].filter((value) => value >= 5)).toEqual([6, 7]);
    expect([...small.map.values].filter((value) => value >= 5)).toEqual([9, 9, 8, 7, 7]);
  });

  it('keeps the other values, and ignores positions outside the inspection region', () => {
    const region = { include: [], exclude: [], border: 2 };
    const { large, small } = splitBySize({ ...placed, region }, 5, limits({ minArea: 2 }));
    expect([...large.map.values].filter((value) => value < 4)).toEqual(
      [...placed.map.values].filter((value) => value < 4),
    );
    expect(peaks({ ...large, region: null })).toEqual([9, 7]);
    expect([...small.map.values].filter((value) => value >= 5)).toEqual([9, 9, 8, 7, 7]);
  });
});
