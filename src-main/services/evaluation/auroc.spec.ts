import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auroc } from './auroc.ts';
import { pixelAuroc } from './separation.ts';

const level = fc.integer({ min: 0, max: 6 });
const scores = fc.array(level, { minLength: 1, maxLength: 40 }).map((values) => Float32Array.from(values));

function byCounting(anomalous: Float32Array, normal: Float32Array): number {
  let pairs = 0;
  for (const a of anomalous) for (const n of normal) pairs += a > n ? 1 : a === n ? 0.5 : 0;
  return pairs / (anomalous.length * normal.length);
}

describe('AUROC', () => {
  it('is the share of pairs in the right order, ties half', () => {
    fc.assert(
      fc.property(scores, scores, (anomalous, normal) => {
        expect(auroc(anomalous, normal)).toBeCloseTo(byCounting(anomalous, normal), 12);
      }),
    );
  });

  it('does not change under a rising map of the scores', () => {
    fc.assert(
      fc.property(scores, scores, (anomalous, normal) => {
        const rise = (score: number) => Math.exp(score) - 5;
        expect(auroc(anomalous.map(rise), normal.map(rise))).toBe(auroc(anomalous, normal));
      }),
    );
  });

  it('leaves the border out of account', () => {
    const map = { values: new Float32Array(25).fill(9), height: 5, width: 5 };
    const groundTruth = new Uint8Array(25);
    for (let y = 1; y < 4; y++) for (let x = 1; x < 4; x++) map.values[5 * y + x] = 0;
    map.values[12] = 1;
    groundTruth[12] = 1;
    expect(pixelAuroc([{ map, groundTruth }], 1)).toBe(1);
    expect(pixelAuroc([{ map, groundTruth }], 0)).toBeLessThan(0.5);
  });
});
