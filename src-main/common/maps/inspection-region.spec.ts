import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InspectionRegion, RegionShape } from '../api/regions.ts';
import { fillRings } from './mask-polygons.ts';
import { insidePositions, scoresInside } from './placed-map.ts';
import {
  isPixelInside,
  isWholeImage,
  regionCells,
  regionLayers,
  regionProblem,
} from './inspection-region.ts';

const SIZE = { width: 13, height: 9 };

/** The pixels inside a region. */
const regionMask = (of: InspectionRegion, size: typeof SIZE): Uint8Array =>
  regionCells(of, { ...size, extentWidth: size.width, extentHeight: size.height }, size);

/** Coordinates inside and outside the image, on and off pixel centers. */
const coordinate = fc.integer({ min: -12, max: 60 }).map((quarters) => quarters / 4);
const length = fc.integer({ min: 1, max: 60 }).map((quarters) => quarters / 4);
const rectangles = fc.record({
  type: fc.constant('rectangle' as const),
  left: coordinate,
  top: coordinate,
  width: length,
  height: length,
});
const polygons = fc.record({
  type: fc.constant('polygon' as const),
  points: fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 7 }),
});
const shapes: fc.Arbitrary<RegionShape> = fc.oneof(rectangles, polygons);
const borders = fc.constantFrom(0, 0.25, 0.5, 1, 2.5, 4, 5);
const regions: fc.Arbitrary<InspectionRegion> = fc.record({
  include: fc.array(shapes, { maxLength: 3 }),
  exclude: fc.array(shapes, { maxLength: 3 }),
  border: borders,
});

const region = (parts: Partial<InspectionRegion>): InspectionRegion => ({
  include: [],
  exclude: [],
  border: 0,
  ...parts,
});

/** Whether a point is inside a shape, by the parity of the edges that cross a ray to the left. */
function contains(shape: RegionShape, x: number, y: number): boolean {
  if (shape.type === 'rectangle') {
    const { left, top, width, height } = shape;
    return x >= left && x < left + width && y >= top && y < top + height;
  }
  let inside = false;
  shape.points.forEach(([x1, y1], at) => {
    const [x2, y2] = shape.points[(at + 1) % shape.points.length];
    if (y1 <= y !== y2 <= y && x1 + ((y - y1) * (x2 - x1)) / (y2 - y1) <= x) inside = !inside;
  });
  return inside;
}

/** The definition, for a point of an image. */
function isInside({ include, exclude, border }: InspectionRegion, x: number, y: number): boolean {
  return (
    (include.length === 0 || include.some((shape) => contains(shape, x, y))) &&
    !exclude.some((shape) => contains(shape, x, y)) &&
    Math.min(x, y, SIZE.width - x, SIZE.height - y) >= border
  );
}

describe('are those whose centers are in an included shape, in no excluded shape, and not in the border', () => {
  it('are those whose centers are in an included shape, in no excluded one, and not in the border', () => {
    fc.assert(
      fc.property(regions, (drawn) => {
        const expected = Array.from({ length: SIZE.width * SIZE.height }, (_, at) =>
          Number(isInside(drawn, (at % SIZE.width) + 0.5, Math.floor(at / SIZE.width) + 0.5)),
        );
        expect([...regionMask(drawn, SIZE)]).toEqual(expected);
      }),
    );
  });

  it('are the union of the remaining parts of all included shapes', () => {
    fc.assert(
      fc.property(fc.array(shapes, { minLength: 1, maxLength: 4 }), (include) => {
        const masks = include.map((shape) => regionMask(region({ include: [shape] }), SIZE));
        const union = masks[0].map((_, at) => Number(masks.some((mask) => mask[at] === 1)));
        expect(regionMask(region({ include }), SIZE)).toEqual(union);
      }),
    );
  });

  it('and those of the excluded shapes do not overlap, and together are the included ones', () => {
    fc.assert(
      fc.property(
        fc.array(shapes, { maxLength: 3 }),
        fc.array(shapes, { minLength: 1 }),
        (include, exclude) => {
          const whole = regionMask(region({ include }), SIZE);
          const left = regionMask(region({ include, exclude }), SIZE);
          const excluded = regionMask(region({ include: exclude }), SIZE);
          for (let at = 0; at < whole.length; at++) {
            expect(left[at] & excluded[at]).toBe(0);
            expect(left[at] | (excluded[at] & whole[at])).toBe(whole[at]);
          }
        },
      ),
    );
  });

  it('are the same for a rectangle and the polygon of its corners', () => {
    fc.assert(
      fc.property(rectangles, (shape) => {
        const [right, bottom] = [shape.left + shape.width, shape.top + shape.height];
        const points: [number, number][] = [
          [shape.left, shape.top],
          [right, shape.top],
          [right, bottom],
          [shape.left, bottom],
        ];
        const polygon = region({ include: [{ type: 'polygon', points }] });
        expect(regionMask(polygon, SIZE)).toEqual(regionMask(region({ include: [shape] }), SIZE));
      }),
    );
  });

  it('omit a border of the same width at opposite sides', () => {
    fc.assert(
      fc.property(borders, (border) => {
        const mask = regionMask(region({ border }), SIZE);
        expect(mask).toEqual(mask.slice().reverse());
      }),
    );
  });

  it('are those that the layers paint over the image', () => {
    fc.assert(
      fc.property(regions, (drawn) => {
        fc.pre(Number.isInteger(drawn.border));
        const painted = new Uint8Array(SIZE.width * SIZE.height).fill(Number(drawn.include.length === 0));
        for (const { rings, inside } of regionLayers(drawn, SIZE))
          fillRings(painted, SIZE.width, SIZE.height, rings, inside ? 1 : 0);
        expect(painted).toEqual(regionMask(drawn, SIZE));
      }),
    );
  });
});

describe('the positions of a map in an inspection region', () => {
  const map = (height: number, width: number) => ({
    values: Float32Array.from({ length: height * width }, (_, at) => at),
    height,
    width,
  });

  it('are those whose centers are inside', () => {
    fc.assert(
      // Powers of two, so that centers on an edge are exact.
      fc.property(
        regions,
        fc.constantFrom(1, 2, 4, 8, 16),
        fc.constantFrom(1, 2, 4, 8),
        (drawn, rows, columns) => {
          // The extractor padded the image to 16 x 16 pixels.
          const placed = {
            map: map(rows, columns),
            ...SIZE,
            extentWidth: 16,
            extentHeight: 16,
            region: drawn,
          };
          const onImage = insidePositions({ ...placed, region: null });
          const expected = onImage.map((inside, at) => {
            const x = (((at % columns) + 0.5) * 16) / columns;
            const y = ((Math.floor(at / columns) + 0.5) * 16) / rows;
            return inside & Number(isInside(drawn, x, y));
          });
          expect(insidePositions(placed)).toEqual(expected);
          expect([...scoresInside(placed)]).toEqual(
            [...placed.map.values].filter((_, at) => expected[at] === 1),
          );
        },
      ),
    );
  });

  it('are the pixels if the map has the size of the image', () => {
    fc.assert(
      fc.property(regions, (drawn) => {
        const placed = {
          map: map(SIZE.height, SIZE.width),
          ...SIZE,
          extentWidth: SIZE.width,
          extentHeight: SIZE.height,
          region: drawn,
        };
        expect(insidePositions(placed)).toEqual(regionMask(drawn, SIZE));
      }),
    );
  });
});

describe('a region', () => {
  it('without pixels is a problem, with a sentence that names the fix', () => {
    expect(regionProblem(region({ border: 4.5 }), SIZE)).toMatch(
      /^A border of 4.5 px covers all of an image of 13 x 9/,
    );
    const outside: RegionShape = { type: 'rectangle', left: 20, top: 0, width: 5, height: 5 };
    expect(regionProblem(region({ include: [outside] }), SIZE)).toMatch(/contains no pixel/);
    const whole: RegionShape = { type: 'rectangle', left: 0, top: 0, width: 13, height: 9 };
    expect(regionProblem(region({ exclude: [whole] }), SIZE)).toMatch(/contains no pixel/);
    expect(regionProblem(region({ border: 4 }), SIZE)).toBeUndefined();
  });

  it('has no problem exactly if it has a pixel', () => {
    fc.assert(
      fc.property(regions, (drawn) => {
        expect(regionProblem(drawn, SIZE) === undefined).toBe(regionMask(drawn, SIZE).includes(1));
      }),
    );
  });

  it('without shapes and border is the whole image', () => {
    expect(isWholeImage(region({}))).toBe(true);
    expect(isWholeImage(region({ border: 1 }))).toBe(false);
  });
});

it('has the same cells in a part of the grid and in single pixels', () => {
  const image = { ...SIZE, extentWidth: SIZE.width, extentHeight: SIZE.height };
  const part = { left: 3, top: 2, width: 7, height: 5 };
  fc.assert(
    fc.property(regions, (parts) => {
      const whole = regionMask(parts, SIZE);
      const cells = regionCells(parts, image, SIZE, part);
      for (let y = 0; y < part.height; y++)
        for (let x = 0; x < part.width; x++) {
          const pixel = { x: part.left + x, y: part.top + y };
          const expected = whole[pixel.y * SIZE.width + pixel.x];
          expect(cells[y * part.width + x]).toBe(expected);
          expect(isPixelInside(parts, SIZE, pixel)).toBe(expected === 1);
        }
    }),
  );
});
