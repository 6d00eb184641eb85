import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Runs } from '../../src-main/common/maps/mask-runs.ts';
import { brushCenter, capsule, polygon, rectangle, rectangleBetween } from './shapes.ts';
import { points, sizes } from './test/arbitrary.ts';
import { maskOf, pixelsOfMask } from './test/masks.ts';
import { nearSegment, pixelsWhere, woundAround } from './test/reference.ts';

function pixelsOf(runs: Runs, size: { width: number; height: number }): Uint8Array {
  const mask = maskOf(size);
  mask.write(runs, true);
  return pixelsOfMask(mask);
}

describe('capsule', () => {
  it('covers the pixels within the radius of the segment', () => {
    const radii = fc.double({ min: 0.1, max: 20, noNaN: true });
    fc.assert(
      fc.property(sizes, points, points, radii, (size, from, to, radius) => {
        expect(pixelsOf(capsule(size, from, to, radius), size)).toEqual(
          pixelsWhere(size, nearSegment(from, to, radius)),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('covers the pixel under the pointer at the smallest diameter', () => {
    const size = { width: 24, height: 24 };
    const inside = fc.double({ min: 0, max: 23.999, noNaN: true });
    fc.assert(
      fc.property(inside, inside, fc.integer({ min: 1, max: 9 }), (x, y, diameter) => {
        const center = brushCenter({ x, y }, diameter);
        const pixels = pixelsOf(capsule(size, center, center, diameter / 2), size);
        expect(pixels[Math.floor(y) * 24 + Math.floor(x)]).toBe(255);
      }),
    );
  });

  it('leaves no gap at the smallest diameter', () => {
    const size = { width: 24, height: 24 };
    const from = brushCenter({ x: 1, y: 2 }, 1);
    const pixels = pixelsOf(capsule(size, from, brushCenter({ x: 22, y: 9 }, 1), 0.5), size);
    for (let x = 1; x <= 22; x++) expect(pixels.some((pixel, at) => pixel && at % 24 === x)).toBe(true);
  });
});

describe('polygon', () => {
  it('covers the pixels with a non-zero winding number', () => {
    const corners = fc.array(points, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(sizes, corners, (size, line) => {
        expect(pixelsOf(polygon(size, line), size)).toEqual(pixelsWhere(size, woundAround(line)));
      }),
      { numRuns: 500 },
    );
  });

  it('of whole pixels equals a rectangle', () => {
    const size = { width: 10, height: 8 };
    const corners = [
      { x: 2, y: 1 },
      { x: 7, y: 1 },
      { x: 7, y: 6 },
      { x: 2, y: 6 },
    ];
    expect(polygon(size, corners)).toEqual(rectangle(size, { x: 2, y: 1, width: 5, height: 5 }));
  });
});

describe('rectangle', () => {
  it('is clipped at the edges of the image', () => {
    expect([...rectangle({ width: 5, height: 3 }, { x: -2, y: 1, width: 4, height: 9 })]).toEqual([
      5, 7, 10, 12,
    ]);
    expect(rectangle({ width: 5, height: 3 }, { x: 8, y: 0, width: 4, height: 2 })).toHaveLength(0);
  });

  it('includes the pixels at both corners', () => {
    expect(rectangleBetween({ x: 4.2, y: 3.9 }, { x: 1.7, y: 3.1 })).toEqual({
      x: 1,
      y: 3,
      width: 4,
      height: 1,
    });
  });
});
