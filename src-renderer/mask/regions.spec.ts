import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resizeToImage } from '../../src-main/common/maps/resize.ts';
import { areaAround, holes, smallComponents } from './components.ts';
import { floodFill } from './flood.ts';
import { componentAt } from './score-region.ts';
import { dilate, erosionLoss } from './morphology.ts';
import { runsOf, type Runs } from '../../src-main/common/maps/mask-runs.ts';
import { maskOf, pixelsOfMask } from './test/masks.ts';
import { maskedPoints, sizedMasks, sizes } from './test/arbitrary.ts';
import { connected, pixelsWhere, within } from './test/reference.ts';
import { selectSimilar } from './select-similar.ts';

interface Size {
  width: number;
  height: number;
}

function pixelsOf(runs: Runs, size: Size): Uint8Array {
  const mask = maskOf(size);
  mask.write(runs, true);
  return pixelsOfMask(mask);
}

const members = (size: Size, found: Set<number>) =>
  pixelsWhere(size, (x, y) => found.has(y * size.width + x));
const radii = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0.5, max: 6, noNaN: true }));

describe('floodFill', () => {
  it.each([4, 8] as const)('returns the pixels connected by %i neighbors', (connectivity) => {
    fc.assert(
      fc.property(maskedPoints, ({ size, pixels, x, y }) => {
        expect(pixelsOf(floodFill(pixels, size, x, y, connectivity), size)).toEqual(
          members(size, connected(pixels, size, y * size.width + x, connectivity)),
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('areaAround', () => {
  it('returns the normal pixels connected by sides, or the anomalous ones connected by corners too', () => {
    fc.assert(
      fc.property(maskedPoints, ({ size, pixels, x, y }) => {
        const at = y * size.width + x;
        expect(pixelsOf(areaAround(runsOf(pixels, size.width), size, { x, y }), size)).toEqual(
          members(size, connected(pixels, size, at, pixels[at] === 0 ? 4 : 8)),
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('holes', () => {
  it('returns the normal pixels that are not connected with the edge', () => {
    fc.assert(
      fc.property(sizedMasks, ({ size, pixels }) => {
        const { width, height } = size;
        const atEdge = (at: number) =>
          at % width === 0 || at % width === width - 1 || at < width || at >= width * (height - 1);
        const expected = pixelsWhere(size, (x, y) => {
          const at = y * width + x;
          return pixels[at] === 0 && ![...connected(pixels, size, at, 4)].some(atEdge);
        });
        expect(pixelsOf(holes(runsOf(pixels, size.width), size), size)).toEqual(expected);
      }),
    );
  });
});

describe('smallComponents', () => {
  it('returns the components below an area', () => {
    fc.assert(
      fc.property(sizedMasks, fc.integer({ min: 1, max: 40 }), ({ size, pixels }, area) => {
        const expected = pixelsWhere(size, (x, y) => {
          const at = y * size.width + x;
          return pixels[at] !== 0 && connected(pixels, size, at, 8).size < area;
        });
        expect(pixelsOf(smallComponents(runsOf(pixels, size.width), size, area), size)).toEqual(expected);
      }),
    );
  });
});

describe('dilate and erosionLoss', () => {
  it('returns the pixels within the radius of the mask, and of its outside', () => {
    fc.assert(
      fc.property(sizedMasks, radii, ({ size, pixels }, radius) => {
        expect(pixelsOf(dilate(runsOf(pixels, size.width), size, radius), size)).toEqual(
          pixelsWhere(size, within(pixels, size, radius, 255)),
        );
        const mask = maskOf(size, pixels);
        mask.write(erosionLoss(runsOf(pixels, size.width), size, radius), false);
        const near = within(pixels, size, radius, 0);
        expect(pixelsOfMask(mask)).toEqual(pixelsWhere(size, (x, y) => !near(x, y)));
      }),
    );
  });

  it('never loses a pixel by closing', () => {
    fc.assert(
      fc.property(sizedMasks, radii, ({ size, pixels }, radius) => {
        const mask = maskOf(size, pixels);
        mask.write(dilate(mask.runs, size, radius), true);
        mask.write(erosionLoss(mask.runs, size, radius), false);
        const closed = pixelsOfMask(mask);
        expect(pixels.every((pixel, at) => pixel <= closed[at])).toBe(true);
      }),
    );
  });
});

describe('selectSimilar', () => {
  const images = sizes.chain((size) =>
    fc.record({
      size: fc.constant(size),
      rgba: fc
        .array(fc.integer({ min: 0, max: 8 }), {
          minLength: 4 * size.width * size.height,
          maxLength: 4 * size.width * size.height,
        })
        .map((levels) => Uint8ClampedArray.from(levels, (level) => level * 30)),
      x: fc.nat(size.width - 1),
      y: fc.nat(size.height - 1),
      tolerance: fc.nat(200),
    }),
  );

  it('returns the similar pixels, connected ones or all', () => {
    fc.assert(
      fc.property(images, ({ size, rgba, x, y, tolerance }) => {
        const place = 4 * (y * size.width + x);
        const alike = pixelsWhere(size, (px, py) =>
          [0, 1, 2].every(
            (channel) =>
              Math.abs(rgba[4 * (py * size.width + px) + channel] - rgba[place + channel]) <= tolerance,
          ),
        );
        expect(pixelsOf(selectSimilar(rgba, size, x, y, tolerance, false), size)).toEqual(alike);
        expect(pixelsOf(selectSimilar(rgba, size, x, y, tolerance, true), size)).toEqual(
          members(size, connected(alike, size, y * size.width + x, 4)),
        );
      }),
    );
  });
});

describe('componentAt', () => {
  const toCanvas = sizes.chain((size) =>
    fc.record({
      size: fc.constant(size),
      map: fc
        .record({ width: fc.integer({ min: 1, max: 6 }), height: fc.integer({ min: 1, max: 6 }) })
        .chain((map) =>
          fc
            .array(fc.float({ min: 0, max: 1, noNaN: true }), {
              minLength: map.width * map.height,
              maxLength: map.width * map.height,
            })
            .map((values) => ({ ...map, values: Float32Array.from(values) })),
        ),
      padding: fc.nat(4),
      x: fc.nat(size.width - 1),
      y: fc.nat(size.height - 1),
      threshold: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  );

  it('returns the connected component at or above the threshold, at image size', () => {
    fc.assert(
      fc.property(toCanvas, ({ size, map, padding, x, y, threshold }) => {
        const scores = resizeToImage({
          map,
          ...size,
          extentWidth: size.width + padding,
          extentHeight: size.height + padding,
        });
        const reached = Array.from(scores.values, (score) => Number(score >= threshold));
        const region = componentAt(scores, threshold, x, y);
        const at = y * size.width + x;
        if (!reached[at]) {
          expect(region).toBeUndefined();
          return;
        }
        expect(pixelsOf(region ?? new Float64Array(), size)).toEqual(
          members(size, connected(reached, size, at, 8)),
        );
      }),
      { numRuns: 300 },
    );
  });
});
