import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Size } from '../../../common/geometry.ts';
import { type BlockShape, fitsBlocks, planBlocks } from './plan.ts';

function shapeOf(stride: number, units: number, haloUnits: number, margin: number): BlockShape {
  const multiple = stride * units;
  const positions = ({ width, height }: Size) => ({
    width: Math.ceil(width / multiple) * units,
    height: Math.ceil(height / multiple) * units,
  });
  return { local: { halo: haloUnits * multiple, multiple, positions }, stride, margin };
}

const sizes = fc.record({
  width: fc.integer({ min: 1, max: 5000 }),
  height: fc.integer({ min: 1, max: 5000 }),
});
const shapes = fc
  .tuple(fc.constantFrom(1, 2, 4, 8), fc.constantFrom(1, 2, 4), fc.nat(6), fc.nat(16))
  .map((numbers) => shapeOf(...numbers));

describe('the blocks of an image', () => {
  it('cover every position once, read at most the limit, and see their margin and halo', () => {
    fc.assert(
      fc.property(sizes, shapes, fc.integer({ min: 100, max: 3_000_000 }), (image, shape, maxPixels) => {
        fc.pre(fitsBlocks(image, shape, maxPixels));
        const map = shape.local.positions(image);
        fc.pre(map.width * map.height < 1_000_000);
        const blocks = planBlocks(image, shape, maxPixels);
        fc.pre(blocks.length < 2000);
        const seen = new Uint8Array(map.width * map.height);
        for (const { inner, read, window, offset } of blocks) {
          for (let y = inner.top; y < inner.top + inner.height; y++)
            for (let x = inner.left; x < inner.left + inner.width; x++) seen[y * map.width + x]++;
          expect(read.width * read.height).toBeLessThanOrEqual(maxPixels);
          expect(read.left % shape.local.multiple).toBe(0);
          const [left, right] = [read.left, read.left + read.width];
          const firstUsed = (inner.left - offset.left) * shape.stride;
          expect(window.left * shape.stride + left).toBe(firstUsed);
          expect(left === 0 || firstUsed - left >= shape.local.halo).toBe(true);
          const lastUsed = firstUsed + window.width * shape.stride;
          expect(right === image.width || right - lastUsed >= shape.local.halo).toBe(true);
          expect(offset.left).toBe(Math.min(shape.margin, inner.left));
          expect(window.width - offset.left - inner.width).toBe(
            Math.min(shape.margin, map.width - inner.left - inner.width),
          );
        }
        expect(seen.every((count) => count === 1)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('span the whole width of a strip, in both directions', () => {
    const shape = shapeOf(4, 4, 11, 8);
    const down = planBlocks({ width: 1024, height: 200_000 }, shape, 3.5e6);
    const right = planBlocks({ width: 200_000, height: 1024 }, shape, 3.5e6);
    expect(down.every(({ inner }) => inner.width === 256)).toBe(true);
    expect(right.every(({ inner }) => inner.height === 256)).toBe(true);
    expect(down).toHaveLength(right.length);
    const read = down.reduce((sum, block) => sum + block.read.height, 0);
    expect(read / 200_000).toBeLessThan(1.14);
  });
});
