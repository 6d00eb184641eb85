import { describe, expect, it } from 'vitest';
import type { OutputTensor } from '../extractors/extractor.ts';
import { findOutputs, toMap } from './network-outputs.ts';

const output = (name: string, dimensions: number[], type = 'float32'): OutputTensor => {
  const size = dimensions.reduce((product, side) => product * side, 1);
  return { name, type, dimensions, values: type === 'float32' ? new Float32Array(size) : undefined };
};
const anomalib = [
  output('pred_score', [1]),
  output('pred_label', [1], 'bool'),
  output('anomaly_map', [1, 1, 6, 8]),
  output('pred_mask', [1, 1, 6, 8], 'bool'),
];

describe('the anomaly map of a network', () => {
  it.each([[[1, 1, 6, 8]], [[1, 6, 8, 1]], [[1, 6, 8]], [[6, 8]]])(
    'has one of the usual shapes: %j',
    (dimensions) => {
      expect(toMap(output('out', dimensions))).toMatchObject({ height: 6, width: 8 });
    },
  );

  it.each([[[1, 3, 6, 8]], [[2, 1, 6, 8]], [[2, 6, 8]], [[48]], [[1, 1, 1, 1]], [[]]])(
    'does not have the shape %j',
    (dimensions) => {
      expect(toMap(output('out', dimensions))).toBeUndefined();
    },
  );

  it("is found among anomalib's outputs, with the image score", () => {
    expect(findOutputs(anomalib)).toEqual({ map: 'anomaly_map', score: 'pred_score' });
    expect(findOutputs(anomalib.toReversed())).toEqual({ map: 'anomaly_map', score: 'pred_score' });
  });

  it('is the only map if its name says nothing, and needs no score', () => {
    expect(findOutputs([output('output', [1, 1, 6, 8])])).toEqual({ map: 'output', score: null });
    const masked = [output('output', [1, 1, 6, 8]), output('pred_mask', [1, 1, 6, 8])];
    expect(findOutputs(masked).map).toBe('output');
  });

  it('is the one that the user names', () => {
    const two = [output('a', [1, 1, 6, 8]), output('b', [1, 1, 6, 8]), output('s', [1, 1])];
    expect(() => findOutputs(two)).toThrow(/several .* "a" \(float32 \[1, 1, 6, 8\]\), "b" /);
    expect(findOutputs(two, { map: 'b' })).toEqual({ map: 'b', score: 's' });
    expect(() => findOutputs(two, { map: 'a', score: 'b' })).toThrow(/"b" .* is not the score of an image/);
    expect(() => findOutputs(two, { map: 'c' })).toThrow(/no output "c"\. It has: a, b, s/);
  });

  it('is not guessed among two scores', () => {
    const scores = [output('map', [6, 8]), output('x', [1]), output('y', [1])];
    expect(findOutputs(scores).score).toBeNull();
  });
});
