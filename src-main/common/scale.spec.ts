import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance, measurePixel, pixelSize, scaleChoiceOf, scaleOf, scaleOfPixel } from './scale.ts';

const factor = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
const scale = fc.record({ across: factor, along: factor });
const point = fc.record({ x: fc.integer({ min: 0, max: 4000 }), y: fc.integer({ min: 0, max: 4000 }) });

it('is one number where both directions have the same', () => {
  expect(scaleChoiceOf({ across: 0.1, along: 0.1 })).toBe(0.1);
  expect(scaleChoiceOf({ across: 0.1, along: 0.2 })).toEqual({ across: 0.1, along: 0.2 });
  expect(scaleOf(0.1)).toEqual({ across: 0.1, along: 0.1 });
});

describe('the size of a pixel', () => {
  it('depends on the direction of travel', () => {
    expect(pixelSize({ across: 0.1, along: 0.2 })).toEqual({ x: 0.1, y: 0.2 });
    expect(pixelSize({ across: 0.1, along: 0.2 }, 'right')).toEqual({ x: 0.2, y: 0.1 });
  });

  it('gives its scale back', () => {
    fc.assert(
      fc.property(scale, fc.constantFrom('down' as const, 'right' as const), (given, direction) => {
        expect(scaleOfPixel(pixelSize(given, direction), direction)).toEqual(given);
      }),
    );
  });
});

describe('a measurement', () => {
  it('over 100 px that are 25 mm gives a quarter of a millimeter', () => {
    expect(measurePixel({ x: 10, y: 20 }, { x: 70, y: 100 }, 25)).toEqual({ x: 0.25, y: 0.25 });
  });

  it('keeps the ratio of height to width and reproduces the length', () => {
    fc.assert(
      fc.property(point, point, factor, scale, (from, to, mm, former) => {
        fc.pre(from.x !== to.x || from.y !== to.y);
        const size = measurePixel(from, to, mm, { former: pixelSize(former) });
        if (!size) throw new Error('There is no size.');
        expect(distance(from, to, size) / mm).toBeCloseTo(1, 9);
        expect((size.y * former.across) / (size.x * former.along)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('of the horizontal or vertical part sets one side', () => {
    const line = [
      { x: 10, y: 20 },
      { x: 60, y: 40 },
    ] as const;
    expect(measurePixel(...line, 25, { axis: 'x' })).toEqual({ x: 0.5, y: 0.5 });
    expect(measurePixel(...line, 25, { axis: 'x', former: { x: 1, y: 2 } })).toEqual({ x: 0.5, y: 2 });
    expect(measurePixel(...line, 25, { axis: 'y', former: { x: 1, y: 2 } })).toEqual({ x: 1, y: 1.25 });
    expect(measurePixel({ x: 1, y: 2 }, { x: 1, y: 9 }, 25, { axis: 'x' })).toBeUndefined();
  });

  it('of coinciding points is none', () => {
    expect(measurePixel({ x: 3, y: 3 }, { x: 3, y: 3 }, 5)).toBeUndefined();
  });
});
