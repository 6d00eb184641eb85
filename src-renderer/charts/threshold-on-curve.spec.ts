import { describe, expect, it } from 'vitest';
import { pointAtThreshold, ratesAtThreshold } from './threshold-on-curve.ts';

const counts = { low: 0, high: 4, normal: [6, 2, 2, 0], anomalous: [0, 0, 1, 3] };

describe('ratesAtThreshold', () => {
  it('counts whole bins and a fraction of the bin that contains the threshold', () => {
    expect(ratesAtThreshold(counts, 2)).toEqual({ normal: 0.2, anomalous: 1 });
    expect(ratesAtThreshold(counts, 2.5)).toEqual({ normal: 0.1, anomalous: 0.875 });
  });

  it('is 1 or 0 beyond the ends of the histogram', () => {
    expect(ratesAtThreshold(counts, -1)).toEqual({ normal: 1, anomalous: 1 });
    expect(ratesAtThreshold(counts, 9)).toEqual({ normal: 0, anomalous: 0 });
  });

  it('is 0 for an empty histogram, and 1 or 0 if all scores are equal', () => {
    expect(ratesAtThreshold({ ...counts, anomalous: [0, 0, 0, 0] }, 0)).toEqual({ normal: 1, anomalous: 0 });
    const same = { low: 1, high: 1, normal: [5, 0], anomalous: [1, 0] };
    expect([0.9, 1, 1.1].map((threshold) => ratesAtThreshold(same, threshold).normal)).toEqual([1, 1, 0]);
  });
});

describe('pointAtThreshold', () => {
  // The first threshold detects all anomalous pixels, so the rest of the curve is one segment without vertices.
  const curve = { x: [0, 0, 1], y: [0, 1, 1], threshold: [4, 3, 0] };

  it('finds a threshold within a segment of the curve', () => {
    expect(pointAtThreshold('roc', curve, counts, 2)).toEqual({ x: 0.2, y: 1 });
    expect(pointAtThreshold('pro', curve, counts, -1)).toEqual({ x: 1, y: 1 });
  });

  it('interpolates between vertices', () => {
    const falling = { x: [0, 0.5, 1], y: [1, 0.8, 0.4], threshold: [4, 3, 0] };
    expect(pointAtThreshold('pr', falling, counts, 3)?.x).toBeCloseTo(0.75);
    expect(pointAtThreshold('pr', falling, counts, 3)?.y).toBeCloseTo(0.6);
  });

  it('returns nothing for an empty curve', () => {
    expect(pointAtThreshold('roc', { x: [], y: [], threshold: [] }, counts, 2)).toBeUndefined();
  });
});
