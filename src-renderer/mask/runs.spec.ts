import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Mask } from './mask.ts';
import { boundsOf, packRuns, countPixels, runsOf, unpackRuns } from './runs.ts';
import { pixelsWhere } from './test/reference.ts';
import { sizedMasks } from './test/arbitrary.ts';

describe('runs', () => {
  it('encode the set and the clear pixels of a mask', () => {
    fc.assert(
      fc.property(sizedMasks, ({ size, pixels }) => {
        const set = new Mask(size);
        set.write(runsOf(pixels, size.width), true);
        expect(set.pixels).toEqual(pixels);
        const clear = new Mask(size, new Uint8Array(pixels.length).fill(255));
        clear.write(runsOf(pixels, size.width, 'clear'), false);
        expect(clear.pixels).toEqual(pixels);
        expect(countPixels(runsOf(pixels, size.width))).toBe(set.count);
      }),
    );
  });

  it('never cross rows', () => {
    const full = runsOf(new Uint8Array(12).fill(255), 4);
    expect([...full]).toEqual([0, 4, 4, 8, 8, 12]);
  });

  it('survive packing and unpacking', () => {
    fc.assert(
      fc.property(sizedMasks, ({ size, pixels }) => {
        const runs = runsOf(pixels, size.width);
        expect(unpackRuns(packRuns(runs))).toEqual(runs);
      }),
    );
    const far = Int32Array.of(0, 1, 2 ** 30, 2 ** 30 + 300);
    expect(unpackRuns(packRuns(far))).toEqual(far);
  });

  it('have the bounding rectangle of their pixels', () => {
    fc.assert(
      fc.property(sizedMasks, ({ size, pixels }) => {
        const { x, y, width, height } = boundsOf(runsOf(pixels, size.width), size.width);
        const outside = pixelsWhere(
          size,
          (px, py) => px < x || py < y || px >= x + width || py >= y + height,
        );
        expect(pixels.some((pixel, at) => pixel !== 0 && outside[at] !== 0)).toBe(false);
        if (!pixels.includes(255)) {
          expect(width * height).toBe(0);
          return;
        }
        const column = (at: number) => pixels.some((pixel, i) => pixel !== 0 && i % size.width === at);
        expect([column(x), column(x + width - 1)]).toEqual([true, true]);
      }),
    );
  });
});
