import { describe, expect, it } from 'vitest';
import { extractorNamed } from '../registry.ts';
import type { ModelRunner } from './extractor.ts';
import { random, randomExtractor, randomKernels } from './random.ts';

describe('random kernels', () => {
  it('are 128 kernels of 75 taps with norm 1', () => {
    const kernels = randomKernels(3);
    expect(kernels.length).toBe(128 * 75);
    for (let kernel = 0; kernel < 128; kernel++) {
      expect(Math.hypot(...kernels.subarray(75 * kernel, 75 * (kernel + 1)))).toBeCloseTo(1, 6);
    }
  });

  it('never change: the first and last taps of seed 7', () => {
    const kernels = randomKernels(7);
    [0.017468522, 0.007166134, -0.106340607].forEach((tap, i) => expect(kernels[i]).toBeCloseTo(tap, 6));
    [0.01698332, -0.009850078, 0.185280962].forEach((tap, i) =>
      expect(kernels[9597 + i]).toBeCloseTo(tap, 6),
    );
  });

  it('depend on the seed', () => {
    expect(randomKernels(0)).not.toEqual(randomKernels(1));
  });
});

describe('the name of the extractor', () => {
  it('has seed 0 by default', () => {
    expect(extractorNamed('random')).toBe(random);
    expect(extractorNamed('random:0').name).toBe('random');
  });

  it.each(['random:7', 'random:4294967295'])('contains the seed: %s', (name) => {
    expect(extractorNamed(name).name).toBe(name);
  });

  it.each([
    'random:',
    'random:-1',
    'random:1.5',
    'random:4294967296',
    'random:seven',
    'random:1e3',
    'random: 1',
  ])('is rejected with an invalid seed: "%s"', (name) => {
    expect(() => extractorNamed(name)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  it('is unknown if it only starts with "random"', () => {
    expect(() => extractorNamed('randoms')).toThrow(expect.objectContaining({ code: 'UNKNOWN_NAME' }));
  });
});

it('the kernels depend on the seed', async () => {
  const image = { values: new Float32Array(3 * 4 * 5), height: 4, width: 5 };
  const kernels: Float32Array[] = [];
  const models: ModelRunner = {
    run: (_, ...inputs) => {
      kernels.push(Float32Array.from(inputs[1].values));
      return Promise.resolve({ values: new Float32Array(128 * 20), dimensions: [1, 128, 4, 5] });
    },
    runOutputs: () => Promise.reject(new Error('The graph has one output.')),
  };
  const { features } = await randomExtractor(9).extract(image, models, { threads: 1 });
  expect(features).toMatchObject({ channels: 128, height: 4, width: 5 });
  expect(kernels).toEqual([randomKernels(9)]);
});
