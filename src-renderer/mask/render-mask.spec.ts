import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Transform } from '../viewer/canvas-target.ts';
import type { CellGrid } from './cell-grid.ts';
import { Pyramid } from './pyramid.ts';
import { boundsOf } from '../../src-main/common/maps/mask-runs.ts';
import { capsule, rectangle } from './shapes.ts';
import { points, sizedMasks } from './test/arbitrary.ts';
import { maskOf } from './test/masks.ts';
import { clipToCanvas, toCanvas, renderMask } from './render-mask.ts';

const colors = { inside: 1, outline: 2, halo: 3 };
const canvas = { x: 0, y: 0, width: 40, height: 32 };
const placements: fc.Arbitrary<Transform> = fc.record({
  scale: fc.double({ min: 0.1, max: 8, noNaN: true }),
  left: fc.integer({ min: -30, max: 30 }),
  top: fc.integer({ min: -30, max: 30 }),
});

const cellsOf = (level: CellGrid) =>
  Uint8Array.from({ length: level.width * level.height }, (_, at) =>
    level.at(at % level.width, Math.floor(at / level.width)),
  );
const drawn = (pyramid: Pyramid, placement: Transform, part = canvas) =>
  new Uint32Array(renderMask(pyramid, placement, part, colors).buffer);

describe('Pyramid', () => {
  it('sets a cell if any of its pixels is set', () => {
    fc.assert(
      fc.property(sizedMasks, ({ size, pixels }) => {
        const { levels } = new Pyramid(maskOf(size, pixels));
        for (const [n, level] of levels.entries()) {
          const expected = new Uint8Array(level.width * level.height);
          for (const [at, pixel] of pixels.entries()) {
            const [x, y] = [at % size.width, Math.floor(at / size.width)];
            expected[(y >> n) * level.width + (x >> n)] |= pixel;
          }
          expect(cellsOf(level)).toEqual(expected);
        }
      }),
    );
  });

  it('equals a new pyramid after an update', () => {
    fc.assert(
      fc.property(sizedMasks, points, ({ size, pixels }, { x, y }) => {
        const mask = maskOf(size, pixels);
        const pyramid = new Pyramid(mask);
        const changed = clipToCanvas(
          { x: Math.floor(x), y: Math.floor(y), width: 5, height: 3 },
          size.width,
          size.height,
        );
        mask.write(rectangle(size, changed), false);
        pyramid.update(changed);
        expect(pyramid.levels.map(cellsOf)).toEqual(new Pyramid(mask).levels.map(cellsOf));
      }),
    );
  });
});

describe('renderMask', () => {
  it('renders a part exactly like the whole', () => {
    fc.assert(
      fc.property(sizedMasks, placements, points, points, ({ size, pixels }, placement, from, to) => {
        const mask = maskOf(size, pixels);
        const pyramid = new Pyramid(mask);
        const seen = drawn(pyramid, placement);
        const changed = boundsOf(mask.write(capsule(size, from, to, 3), true), size.width);
        pyramid.update(changed);
        const part = clipToCanvas(toCanvas(changed, placement), canvas.width, canvas.height);
        if (part.width > 0) {
          const patch = drawn(pyramid, placement, part);
          for (let row = 0; row < part.height; row++) {
            seen.set(
              patch.subarray(row * part.width, (row + 1) * part.width),
              (part.y + row) * canvas.width + part.x,
            );
          }
        }
        expect(seen).toEqual(drawn(pyramid, placement));
      }),
    );
  });

  it('draws an outline of two pixels inside the mask and a halo of one pixel at any zoom', () => {
    const mask = maskOf({ width: 16, height: 8 });
    mask.write(rectangle(mask, { x: 4, y: 0, width: 8, height: 8 }), true);
    for (const scale of [1, 2, 4]) {
      const row = [
        ...drawn(new Pyramid(mask), { scale, left: 0, top: -3 }, { ...canvas, width: 64, height: 1 }),
      ];
      expect(row.indexOf(3)).toBe(4 * scale - 1);
      expect(row.indexOf(2)).toBe(4 * scale);
      expect(row.indexOf(1)).toBe(4 * scale + 2);
      expect(row.lastIndexOf(1)).toBe(12 * scale - 3);
    }
  });

  it('shows a single anomalous pixel at any zoom', () => {
    const mask = maskOf({ width: 512, height: 512 });
    mask.write(Float64Array.of(300 * 512 + 201, 300 * 512 + 202), true);
    const seen = drawn(new Pyramid(mask), { scale: 0.06, left: 0, top: 0 });
    expect(seen.includes(2)).toBe(true);
  });
});
