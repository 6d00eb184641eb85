import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AnomalyMap } from '../../src-main/common/maps/anomaly-map.ts';
import { contourPath } from '../../src-main/common/maps/contour.ts';
import { runsOf } from '../../src-main/common/maps/mask-runs.ts';
import { halveByMaximum } from './map-levels.ts';
import { contourOfMask } from './mask-contour.ts';

const masks = fc
  .record({ width: fc.integer({ min: 1, max: 20 }), height: fc.integer({ min: 1, max: 20 }) })
  .chain(({ width, height }) =>
    fc
      .array(fc.boolean(), { minLength: width * height, maxLength: width * height })
      .map((set) => ({ width, height, values: Float32Array.from(set, Number) })),
  );

it('is the contour of the mask, and of its reductions', () => {
  fc.assert(
    fc.property(masks, fc.nat(3), (map, level) => {
      const runs = runsOf(
        Uint8Array.from(map.values, (value) => 255 * value),
        map.width,
      );
      let reduced: AnomalyMap = map;
      for (let at = 0; at < level; at++) reduced = halveByMaximum(reduced);
      const image = { width: map.width, height: map.height };
      const extent = { extentWidth: reduced.width * 2 ** level, extentHeight: reduced.height * 2 ** level };
      const { path } = contourOfMask({ ...image, runs }, level, { x: 0, y: 0, ...image });
      expect(path).toBe(contourPath({ map: reduced, ...image, ...extent }, 0.5));
    }),
  );
});

it('has the lines inside a part of a long strip', () => {
  const strip = { width: 1024, height: 200_000 };
  const pixel = 150_000 * 1024 + 500;
  const runs = Float64Array.of(7, 9, pixel, pixel + 1, 199_000 * 1024, 199_000 * 1024 + 5);
  const { path, part } = contourOfMask({ ...strip, runs }, 0, { x: 490, y: 149_990, width: 20, height: 20 });
  expect(part).toEqual({ x: 489, y: 149_989, width: 22, height: 22 });
  expect(path).toBe('M501 150000.5L500.5 150000L500 150000.5L500.5 150001L501 150000.5Z');
});
