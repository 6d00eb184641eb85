import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boundsOf,
  complementOf,
  countPixels,
  hasPixel,
  packRuns,
  placeRuns,
  runsOf,
  unionOf,
  unpackRuns,
  type Runs,
} from './mask-runs.ts';

const masks = fc
  .record({ width: fc.integer({ min: 1, max: 16 }), height: fc.integer({ min: 1, max: 16 }) })
  .chain(({ width, height }) =>
    fc.record({
      size: fc.constant({ width, height }),
      pixels: fc
        .array(fc.boolean(), { minLength: width * height, maxLength: width * height })
        .map((set) => Uint8Array.from(set, (is) => (is ? 255 : 0))),
    }),
  );

function pixelsOf(runs: Runs, length: number): Uint8Array {
  const pixels = new Uint8Array(length);
  for (let at = 0; at < runs.length; at += 2) pixels.fill(255, runs[at], runs[at + 1]);
  return pixels;
}

describe('runs', () => {
  it('are united as the pixels are', () => {
    const bits = fc.array(fc.boolean(), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(bits, bits, (first, second) => {
        const [a, b] = [first, second].map((set) =>
          runsOf(
            Uint8Array.from(set, (is) => (is ? 255 : 0)),
            12,
          ),
        );
        const either = Uint8Array.from(first, (is, at) => (is || second[at] ? 255 : 0));
        expect(unionOf(a, b, 12)).toEqual(runsOf(either, 12));
      }),
    );
  });

  it('encode the set and the clear pixels of a mask', () => {
    fc.assert(
      fc.property(masks, ({ size, pixels }) => {
        const runs = runsOf(pixels, size.width);
        expect(pixelsOf(runs, pixels.length)).toEqual(pixels);
        expect(pixelsOf(complementOf(runs, size), pixels.length)).toEqual(pixels.map((pixel) => 255 - pixel));
        expect(complementOf(complementOf(runs, size), size)).toEqual(runs);
        expect(countPixels(runs)).toBe(pixels.filter((pixel) => pixel !== 0).length);
        for (const [at, pixel] of pixels.entries()) expect(hasPixel(runs, at)).toBe(pixel !== 0);
      }),
    );
  });

  it('never cross rows', () => {
    const full = runsOf(new Uint8Array(12).fill(255), 4);
    expect([...full]).toEqual([0, 4, 4, 8, 8, 12]);
    expect([...complementOf(new Float64Array(), { width: 4, height: 3 })]).toEqual([0, 4, 4, 8, 8, 12]);
  });

  it('survive packing and unpacking', () => {
    fc.assert(
      fc.property(masks, ({ size, pixels }) => {
        const runs = runsOf(pixels, size.width);
        expect(unpackRuns(packRuns(runs))).toEqual(runs);
      }),
    );
    const far = Float64Array.of(0, 1, 2 ** 30, 2 ** 30 + 300, 20e9, 20e9 + 7);
    expect(unpackRuns(packRuns(far))).toEqual(far);
  });

  it('have the bounding rectangle of their pixels', () => {
    fc.assert(
      fc.property(masks, ({ size, pixels }) => {
        const { x, y, width, height } = boundsOf(runsOf(pixels, size.width), size.width);
        const set = [...pixels.keys()].filter((at) => pixels[at] !== 0);
        const [xs, ys] = [set.map((at) => at % size.width), set.map((at) => Math.floor(at / size.width))];
        if (set.length === 0) expect(width * height).toBe(0);
        else
          expect([x, y, x + width - 1, y + height - 1]).toEqual([
            Math.min(...xs),
            Math.min(...ys),
            Math.max(...xs),
            Math.max(...ys),
          ]);
      }),
    );
  });

  it('of a part are placed in the image', () => {
    fc.assert(
      fc.property(masks, fc.nat(5), fc.nat(5), fc.nat(5), ({ size, pixels }, x, y, more) => {
        const width = x + size.width + more;
        const expected = new Uint8Array(width * (y + size.height));
        for (const [at, pixel] of pixels.entries())
          expected[(y + Math.floor(at / size.width)) * width + x + (at % size.width)] = pixel;
        const placed = placeRuns(runsOf(pixels, size.width), { x, y, ...size }, width);
        expect(pixelsOf(placed, expected.length)).toEqual(expected);
      }),
    );
  });
});
