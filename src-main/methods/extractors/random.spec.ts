import { describe, expect, it } from 'vitest';
import { extractorNamed } from '../registry.ts';
import { random, randomExtractor, randomKernels } from './random.ts';

describe('random kernels', () => {
  it('are 128 of 75 taps and norm 1', () => {
    const kernels = randomKernels(3);
    expect(kernels.length).toBe(128 * 75);
    for (let kernel = 0; kernel < 128; kernel++) {
      expect(Math.hypot(...kernels.subarray(75 * kernel, 75 * (kernel + 1)))).toBeCloseTo(1, 6);
    }
  });

  it('are the same for good: the first and the last taps of seed 7', () => {
    const kernels = randomKernels(7);
    [0.017468522, 0.007166134, -0.106340607].forEach((tap, i) => expect(kernels[i]).toBeCloseTo(tap, 6));
    [0.01698332, -0.009850078, 0.185280962].forEach((tap, i) =>
      expect(kernels[9597 + i]).toBeCloseTo(tap, 6),
    );
  });

  it('differ by seed', () => {
    expect(randomKernels(0)).not.toEqual(randomKernels(1));
  });
});

describe('the name of the extractor', () => {
  it('without a seed stands for seed 0', () => {
    expect(extractorNamed('random')).toBe(random);
    expect(extractorNamed('random:0').name).toBe('random');
  });

  it.each(['random:7', 'random:4294967295'])('holds the seed: %s', (name) => {
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
  ])('is refused where its seed is none: "%s"', (name) => {
    expect(() => extractorNamed(name)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  it('is unknown where it only begins alike', () => {
    expect(() => extractorNamed('randoms')).toThrow(expect.objectContaining({ code: 'UNKNOWN_NAME' }));
  });
});

it('the seed decides the kernels that the graph is given', async () => {
  const image = { values: new Float32Array(3 * 4 * 5), height: 4, width: 5 };
  const given: Float32Array[] = [];
  const graphs = {
    run: (_: string, ...inputs: { values: Float32Array }[]) => {
      given.push(inputs[1].values);
      return Promise.resolve({ values: new Float32Array(128 * 20), dimensions: [1, 128, 4, 5] });
    },
  };
  const { features } = await randomExtractor(9).extract(image, graphs, { threads: 1 });
  expect(features).toMatchObject({ channels: 128, height: 4, width: 5 });
  expect(given).toEqual([randomKernels(9)]);
});
