import fc from 'fast-check';
import { expect, it } from 'vitest';
import { labelRegions } from './label-regions.ts';
import { RegionStream, type PositionRegion } from './region-stream.ts';

const maps = fc
  .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) })
  .chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      values: fc
        .array(fc.integer({ min: 0, max: 9 }), { minLength: width * height, maxLength: width * height })
        .map((values) => Float32Array.from(values)),
      threshold: fc.integer({ min: 1, max: 9 }),
    }),
  );

function streamed(values: Float32Array, width: number, height: number, threshold: number): PositionRegion[] {
  const stream = new RegionStream(width);
  for (let y = 0; y < height; y++) {
    const row = values.subarray(y * width, (y + 1) * width);
    stream.add(
      row,
      Uint8Array.from(row, (value) => Number(value >= threshold)),
    );
  }
  return stream.finish();
}

/** The definition, from the labels of the whole map. */
function whole(values: Float32Array, width: number, height: number, threshold: number): PositionRegion[] {
  const { labels, count } = labelRegions(
    Uint8Array.from(values, (value) => Number(value >= threshold)),
    width,
    height,
  );
  return Array.from({ length: count }, (_, label) => {
    const at = [...labels.keys()].filter((position) => labels[position] === label + 1);
    const [xs, ys] = [at.map((p) => p % width), at.map((p) => Math.floor(p / width))];
    const peak = Math.max(...at.map((p) => values[p]));
    const peakAt = at.find((p) => values[p] === peak) as number;
    return {
      positions: at.length,
      sumX: xs.reduce((sum, x) => sum + x, 0),
      sumY: ys.reduce((sum, y) => sum + y, 0),
      peak,
      peakX: peakAt % width,
      peakY: Math.floor(peakAt / width),
      left: Math.min(...xs),
      right: Math.max(...xs),
      top: Math.min(...ys),
      bottom: Math.max(...ys),
      first: at[0],
    };
  });
}

it('finds the regions that labeling the whole map finds', () => {
  fc.assert(
    fc.property(maps, ({ values, width, height, threshold }) => {
      expect(streamed(values, width, height, threshold)).toEqual(whole(values, width, height, threshold));
    }),
    { numRuns: 500 },
  );
});

it('joins branches that meet below, through corners', () => {
  const rows = ['1000001', '0100010', '0010100', '0001000'];
  const values = Float32Array.from(rows.join(''), Number);
  expect(streamed(values, 7, 4, 1)).toMatchObject([{ positions: 7, left: 0, right: 6, top: 0, bottom: 3 }]);
});
