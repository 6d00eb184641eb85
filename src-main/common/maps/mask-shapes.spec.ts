import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillRings, maskRegions } from './mask-polygons.ts';
import { compressRle, decodeRle, decompressRle, encodeRle } from './mask-rle.ts';

/** Masks of up to 14 x 14 pixels, dense enough for holes and for parts that touch at corners. */
const masks = fc
  .tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 14 }))
  .chain(([width, height]) =>
    fc
      .array(fc.constantFrom(0, 1, 1), { minLength: width * height, maxLength: width * height })
      .map((values) => ({ width, height, mask: Uint8Array.from(values) })),
  );

describe('run lengths of COCO', () => {
  it('survive a round trip, as numbers and as text', () => {
    fc.assert(
      fc.property(masks, ({ mask, width, height }) => {
        const counts = encodeRle(mask, width, height);
        expect(decompressRle(compressRle(counts))).toEqual(counts);
        expect(decodeRle(counts, width, height)).toEqual(mask);
      }),
    );
  });

  it('may have any length', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2 ** 28 }), { minLength: 1 }), (counts) => {
        expect(decompressRle(compressRle(counts))).toEqual(counts);
      }),
    );
  });

  it('equal those of the COCO API', () => {
    const columns = Uint8Array.from({ length: 24 }, (_, at) => (at % 6 === 2 || at % 6 === 3 ? 1 : 0));
    expect(encodeRle(columns, 6, 4)).toEqual([8, 8, 8]);
    // Derived by hand from rleToString in maskApi.c: 20 has its fifth bit set, so another digit follows; the
    // fourth run is -3 relative to the second.
    expect(compressRle([8, 8, 8])).toBe('888');
    expect(compressRle([20])).toBe('d0');
    expect(compressRle([5, 5, 5, 2])).toBe('555M');
    expect(encodeRle(Uint8Array.of(1), 1, 1)).toEqual([0, 1]);
  });

  it('that do not fit are refused', () => {
    for (const counts of [[3], [5], [-1, 5], [1.5, 2.5]])
      expect(() => decodeRle(counts, 2, 2)).toThrow(RangeError);
    for (const text of ['o', '\u0000', 'é', 'ooooooooooo'])
      expect(() => decompressRle(text)).toThrow(RangeError);
  });
});

describe('regions of a mask', () => {
  it('restore the mask when outlines and holes are filled by the even-odd rule', () => {
    fc.assert(
      fc.property(masks, ({ mask, width, height }) => {
        const filled = new Uint8Array(mask.length);
        const regions = maskRegions(mask, width, height);
        for (const { outlines, holes } of regions) {
          const one = new Uint8Array(mask.length);
          fillRings(one, width, height, [...outlines, ...holes]);
          for (const [at, value] of one.entries()) filled[at] |= value;
        }
        expect(filled).toEqual(mask);
        expect(regions.reduce((sum, { area }) => sum + area, 0)).toBe(
          mask.reduce((sum, value) => sum + value, 0),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('have a box, a centroid, and vertices only at corners', () => {
    const mask = new Uint8Array(8 * 6);
    for (let y = 1; y < 4; y++) mask.fill(1, y * 8 + 2, y * 8 + 7);
    mask[2 * 8 + 4] = 0;
    expect(maskRegions(mask, 8, 6)).toEqual([
      {
        area: 14,
        box: { left: 2, top: 1, width: 5, height: 3 },
        centroid: { x: 4.5, y: 2.5 },
        outlines: [[7, 1, 7, 4, 2, 4, 2, 1]],
        holes: [expect.arrayContaining([4, 2, 5, 3])],
      },
    ]);
  });
});

describe('filling rings', () => {
  it('sets pixels whose centers are inside, and clips rings to the mask', () => {
    const mask = new Uint8Array(16);
    fillRings(mask, 4, 4, [[-5, -5, 2.6, -5, 2.6, 1.4, -5, 1.4]]);
    expect([...mask]).toEqual(
      [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0].map((v, i) => (i < 3 ? 1 : v)),
    );
  });
});
