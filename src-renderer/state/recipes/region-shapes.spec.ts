import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RegionShape } from '../../../src-main/common/api/regions.ts';
import {
  boundsOf,
  contains,
  describeShape,
  handlesOf,
  moveShape,
  polygonOf,
  rectangleBetween,
  resizeShape,
} from './region-shapes.ts';

const image = { width: 100, height: 60 };
const rectangle: RegionShape = { type: 'rectangle', left: 10, top: 20, width: 30, height: 20 };
const triangle: RegionShape = {
  type: 'polygon',
  points: [
    [10, 10],
    [50, 10],
    [10, 50],
  ],
};

/** Shapes within the image. */
const shapes = fc
  .array(fc.record({ x: fc.integer({ min: 0, max: 100 }), y: fc.integer({ min: 0, max: 60 }) }), {
    minLength: 3,
    maxLength: 6,
  })
  .chain((points) => fc.constantFrom(polygonOf(points, image), rectangleBetween(points[0], points[1], image)))
  .filter((shape) => shape !== undefined);
const steps = fc.record({ x: fc.integer({ min: -200, max: 200 }), y: fc.integer({ min: -200, max: 200 }) });

function expectInside(shape: RegionShape) {
  const { left, top, width, height } = boundsOf(shape);
  expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
  expect(left + width).toBeLessThanOrEqual(image.width + 1e-9);
  expect(top + height).toBeLessThanOrEqual(image.height + 1e-9);
}

describe('shapes of an inspection region', () => {
  it('lie on whole pixels and within the image', () => {
    expect(rectangleBetween({ x: 40.4, y: 70 }, { x: -5, y: 20.2 }, image)).toEqual({
      type: 'rectangle',
      left: 0,
      top: 20,
      width: 40,
      height: 40,
    });
    expect(rectangleBetween({ x: 5, y: 5 }, { x: 5.2, y: 9 }, image)).toBeUndefined();
    expect(
      polygonOf(
        [
          { x: 1, y: 1 },
          { x: 5, y: 1 },
          { x: 5.1, y: 1.2 },
        ],
        image,
      ),
    ).toBeUndefined();
  });

  it('keep their size when they move, and stay in the image', () => {
    fc.assert(
      fc.property(shapes, steps, (shape, by) => {
        const moved = moveShape(shape, by, image);
        expectInside(moved);
        const { width, height } = boundsOf(shape);
        expect(boundsOf(moved)).toMatchObject({ width, height });
      }),
    );
  });

  it('keep their top left corner when they are resized, and stay in the image', () => {
    fc.assert(
      fc.property(shapes, steps, (shape, by) => {
        const resized = resizeShape(shape, by, image);
        const { left, top } = boundsOf(shape);
        const after = boundsOf(resized);
        expect(after.left).toBeCloseTo(left);
        expect(after.top).toBeCloseTo(top);
        if (shape.type === 'rectangle') expectInside(resized);
      }),
    );
  });

  it('are dragged at a corner, a side or a vertex', () => {
    const handles = handlesOf(rectangle, image);
    expect(handles.map(({ x, y }) => [x, y])).toEqual([
      [10, 20],
      [25, 20],
      [40, 20],
      [10, 30],
      [40, 30],
      [10, 40],
      [25, 40],
      [40, 40],
    ]);
    expect(handles[0].drag({ x: 0, y: 25 })).toEqual({
      ...rectangle,
      left: 0,
      top: 25,
      width: 40,
      height: 15,
    });
    expect(handles[1].drag({ x: 99, y: 30 })).toEqual({ ...rectangle, top: 30, height: 10 });
    expect(handles[4].drag({ x: 90, y: 0 })).toEqual({ ...rectangle, width: 80 });
    expect(handlesOf(triangle, image)[2].drag({ x: 20, y: 99 })).toMatchObject({
      points: [
        [10, 10],
        [50, 10],
        [20, 60],
      ],
    });
  });

  it('contain the points inside', () => {
    expect(contains(rectangle, { x: 10, y: 20 })).toBe(true);
    expect(contains(rectangle, { x: 40, y: 20 })).toBe(false);
    expect(contains(triangle, { x: 15, y: 15 })).toBe(true);
    expect(contains(triangle, { x: 45, y: 45 })).toBe(false);
  });

  it('have a description', () => {
    expect(describeShape(rectangle)).toBe('30 × 20 at 10, 20');
    expect(describeShape(triangle)).toBe('40 × 40 at 10, 10');
  });
});
