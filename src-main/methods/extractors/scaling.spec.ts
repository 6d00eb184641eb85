import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SessionPool } from '../../engine/inference/onnx-sessions.ts';
import { mulberry32 } from '../prng.ts';
import type { FeatureMap, RgbImage } from '../types.ts';
import { gabor, gabor67 } from './gabor.ts';
import type { Extractor } from './extractor.ts';
import { applyScale, rangeScaling, robustScaling, type ScalingRule } from './scaling.ts';
import { steerable } from './steerable.ts';

const models = new SessionPool(1);
const execution = { threads: 1 };

function noise(seed: number, height = 48, width = 64): RgbImage {
  const random = mulberry32(seed);
  return { values: Float32Array.from({ length: 3 * height * width }, () => random()), height, width };
}

function scaleOf(rule: ScalingRule, maps: readonly FeatureMap[]) {
  const collector = rule.collect(maps[0].channels, maps.length);
  for (const map of maps) collector.add(map);
  return collector.finish();
}

describe('the scaling of an extractor', () => {
  it.each([gabor, gabor67, steerable] as Required<Extractor>[])(
    '$name: over one image, equals the scaling in the graph',
    async (extractor) => {
      const image = noise(1);
      const { features } = await extractor.extract(image, models, execution);
      const unscaled = await extractor.extractUnscaled(image, models, execution);
      const scaled = applyScale(unscaled.features, scaleOf(extractor.scaling, [unscaled.features]));
      expect(unscaled).toMatchObject({ features: { height: features.height, width: features.width } });
      const difference = scaled.values.map((value, at) => Math.abs(value - features.values[at]));
      expect(difference.reduce((a, b) => Math.max(a, b))).toBeLessThan(1e-5);
    },
  );

  it('of several images maps their common range to 0..1 and clips other values', () => {
    const map = (...values: number[]): FeatureMap => ({
      values: Float32Array.from(values),
      channels: 1,
      height: 1,
      width: values.length,
    });
    const scale = scaleOf(rangeScaling, [map(1, 2, 3), map(2, 5)]);
    expect([...applyScale(map(1, 3, 5, 0, 9), scale).values]).toEqual([0, 0.5, 1, 0, 1]);
  });

  it('by the robust mean does not depend on how positions are divided into images', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -9, max: 9, noNaN: true }), { minLength: 2 }),
        fc.nat(),
        (values, cut) => {
          const map = (part: number[]): FeatureMap => ({
            values: Float32Array.from(part),
            channels: 1,
            height: 1,
            width: part.length,
          });
          const rule = robustScaling({ floors: [1e-3], weights: [0.5] });
          const at = 1 + (cut % (values.length - 1));
          const whole = scaleOf(rule, [map(values)]);
          const parts = scaleOf(rule, [map(values.slice(0, at)), map(values.slice(at))]);
          expect(parts[0].center).toBeCloseTo(whole[0].center, 6);
          expect(parts[0].slope / whole[0].slope).toBeCloseTo(1, 6);
        },
      ),
    );
  });

  it('rejects features with another number of channels', () => {
    const one = { values: new Float32Array(4), channels: 1, height: 2, width: 2 };
    const scale = scaleOf(rangeScaling, [one]);
    expect(() => applyScale({ ...one, channels: 2, height: 1 }, scale)).toThrow('have 2 channels');
  });
});
