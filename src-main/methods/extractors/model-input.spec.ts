import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../types.ts';
import { DEFAULT_INPUT, inputTensor, type ModelInput } from './model-input.ts';

/** Two pixels: (0, 0.2, 0.4) and (1, 0.6, 0.8). */
const image: RgbImage = { values: Float32Array.of(0, 1, 0.2, 0.6, 0.4, 0.8), height: 1, width: 2 };
const tensorOf = (input: Partial<ModelInput>, normalization: Parameters<typeof inputTensor>[2] = null) =>
  inputTensor(image, { ...DEFAULT_INPUT, ...input }, normalization);
const rounded = (values: Iterable<number>) => [...values].map((value) => Math.round(value * 1e5) / 1e5);

describe('the tensor of an image', () => {
  it('is the planes themselves by default', () => {
    expect(tensorOf({})).toEqual({ values: image.values, dimensions: [1, 3, 1, 2] });
  });

  it('has bytes from 0 to 255, with the channels of a pixel side by side', () => {
    expect(tensorOf({ type: 'uint8', layout: 'nhwc', range: 255 })).toEqual({
      values: Uint8Array.of(0, 51, 102, 255, 153, 204),
      dimensions: [1, 1, 2, 3],
    });
  });

  it('is one plane of gray', () => {
    const { values, dimensions } = tensorOf({ channels: 1 });
    expect(dimensions).toEqual([1, 1, 1, 2]);
    expect(rounded(values)).toEqual([0.163, 0.7424]);
  });

  it('is normalized channel by channel, in units of its range', () => {
    const { values } = tensorOf({ range: 255 }, { mean: [0, 51, 0], std: [1, 51, 255] });
    expect(rounded(values)).toEqual([0, 255, 0, 2, 0.4, 0.8]);
  });

  it('names float16, which the runner converts to', () => {
    expect(tensorOf({ type: 'float16' })).toMatchObject({ half: true, dimensions: [1, 3, 1, 2] });
  });
});

it('has the same values in either layout', () => {
  const side = fc.integer({ min: 1, max: 5 });
  fc.assert(
    fc.property(side, side, fc.constantFrom(1 as const, 3 as const), (height, width, channels) => {
      const values = Float32Array.from({ length: 3 * height * width }, (_, i) => (i % 11) / 10);
      const tensor = (layout: ModelInput['layout']) =>
        inputTensor({ values, height, width }, { ...DEFAULT_INPUT, channels, layout, range: 255 }, null)
          .values;
      const [planes, pixels] = [tensor('nchw'), tensor('nhwc')];
      for (let i = 0; i < height * width; i++)
        for (let c = 0; c < channels; c++)
          expect(pixels[i * channels + c]).toBe(planes[c * height * width + i]);
    }),
  );
});
