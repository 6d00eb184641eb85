import fc from 'fast-check';
import type { Size } from '../../viewer/viewport.ts';

/** Sizes small enough to hit every edge case of rows, edges and cells. */
export const sizes: fc.Arbitrary<Size> = fc.record({
  width: fc.integer({ min: 1, max: 24 }),
  height: fc.integer({ min: 1, max: 24 }),
});

/** A mask of a given size and any density. */
export function masks({ width, height }: Size): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  return fc
    .record({ density: fc.double({ min: 0, max: 1, noNaN: true }), seed: fc.integer() })
    .map(({ density, seed }) => {
      let state = seed;
      return Uint8Array.from({ length: width * height }, () => {
        state = (Math.imul(state, 1664525) + 1013904223) | 0;
        return (state >>> 8) / 2 ** 24 < density ? 255 : 0;
      });
    });
}

export const sizedMasks = sizes.chain((size) => fc.record({ size: fc.constant(size), pixels: masks(size) }));

/** A size, a mask, and a pixel in it. */
export const maskedPoints = sizedMasks.chain(({ size, pixels }) =>
  fc.record({
    size: fc.constant(size),
    pixels: fc.constant(pixels),
    x: fc.nat(size.width - 1),
    y: fc.nat(size.height - 1),
  }),
);

/** Points inside and around an image, with fractions. */
export const points = fc.record({
  x: fc.double({ min: -8, max: 32, noNaN: true }),
  y: fc.double({ min: -8, max: 32, noNaN: true }),
});
