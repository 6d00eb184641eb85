import fc from 'fast-check';
import { expect, it } from 'vitest';
import { halveMaximum, halveMean } from './halve.ts';

const size = fc.record({
  width: fc.integer({ min: 1, max: 9 }),
  rows: fc.integer({ min: 1, max: 9 }),
  channels: fc.constantFrom(1, 3),
});

/** The four values of a pixel of the next level, by their definition. */
function* four(
  values: ArrayLike<number>,
  { width, rows, channels }: { width: number; rows: number; channels: number },
) {
  for (let y = 0; y < rows; y += 2)
    for (let x = 0; x < width; x += 2)
      for (let channel = 0; channel < channels; channel++)
        yield [y, y + 1].flatMap((row) =>
          [x, x + 1].map((column) => {
            const at = Math.min(row, rows - 1) * width + Math.min(column, width - 1);
            return values[at * channels + channel];
          }),
        );
}

it('the mean of 2 x 2 pixels is rounded, and edges count twice', () => {
  fc.assert(
    fc.property(size, fc.infiniteStream(fc.integer({ min: 0, max: 255 })), (of, stream) => {
      const values = Uint8Array.from(stream.take(of.width * of.rows * of.channels));
      const means = [...four(values, of)].map((group) =>
        Math.round(group.reduce((sum, value) => sum + value) / 4),
      );
      expect([...halveMean({ values, ...of })]).toEqual(means);
    }),
  );
});

it('the maximum of 2 x 2 scores keeps the peak of a map', () => {
  fc.assert(
    fc.property(size, fc.infiniteStream(fc.float({ noNaN: true })), ({ width, rows }, stream) => {
      const values = Float32Array.from(stream.take(width * rows));
      const maxima = [...four(values, { width, rows, channels: 1 })].map((group) => Math.max(...group));
      expect([...halveMaximum({ values, width, rows })]).toEqual(maxima);
    }),
  );
});
