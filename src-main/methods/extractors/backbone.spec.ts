import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../types.ts';
import { backboneExtractor, extractBackbone } from './backbone.ts';
import type { BackboneRecord, Preprocessing } from './backbone.ts';
import type { InputTensor, ModelRunner } from './extractor.ts';

/** A model that returns its input and records its calls. */
function echo(dimensions?: number[]): ModelRunner & { calls: { model: unknown; input: InputTensor }[] } {
  const calls: { model: unknown; input: InputTensor }[] = [];
  return {
    calls,
    run(model, input) {
      calls.push({ model, input });
      const values = Float32Array.from(input.values);
      return Promise.resolve({ values, dimensions: dimensions ?? input.dimensions });
    },
    runOutputs: () => Promise.reject(new Error('A backbone has one output.')),
  };
}

const image: RgbImage = { values: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 1), height: 1, width: 2 };
const raw: Preprocessing = { normalization: null, scaled: true };

describe('the features of a backbone', () => {
  it('come from an image that is normalized channel by channel', async () => {
    const models = echo();
    const normalization = { mean: [0, 0.5, 1], std: [1, 0.25, 2] } as Preprocessing['normalization'];
    await extractBackbone({ model: '/m/model.onnx', normalization, scaled: true }, image, models);
    expect(models.calls[0].model).toBe('/m/model.onnx');
    expect(models.calls[0].input.dimensions).toEqual([1, 3, 1, 2]);
    expect([...models.calls[0].input.values]).toEqual([0, 0.25, 0, 1, 0, 0]);
    expect([...image.values]).toEqual([0, 0.25, 0.5, 0.75, 1, 1]);
  });

  it('are rejected if they are not finite', async () => {
    const broken = { values: Float32Array.of(1, Infinity, 2, 1, 4, NaN), height: 1, width: 2 };
    for (const scaled of [true, false])
      await expect(extractBackbone({ model: 'm', ...raw, scaled }, broken, echo())).rejects.toMatchObject({
        code: 'MODEL_UNUSABLE',
        message: expect.stringMatching(/not finite/),
      });
  });

  it('are scaled channel by channel if the graph does not scale them; a constant channel becomes 0', async () => {
    const {
      features: { values, channels, height, width },
    } = await extractBackbone(
      { model: 'm', ...raw, scaled: false },
      { values: Float32Array.of(-3, 5, 2, 1, 4, 4), height: 1, width: 2 },
      echo(),
    );
    expect([channels, height, width]).toEqual([3, 1, 2]);
    expect([...values].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([0, 1, 1, 0, 0, 0]);
  });

  it('are unchanged if the graph scales them', async () => {
    const {
      features: { values },
    } = await extractBackbone({ model: 'm', ...raw }, image, echo());
    expect([...values]).toEqual([...image.values]);
  });

  it.each([[[6]], [[2, 3, 1, 1]], [[1, 3, 2]], [[1, 1, 3, 1, 2]]])(
    'are rejected with the shape %j',
    async (shape) => {
      await expect(extractBackbone({ model: 'm', ...raw }, image, echo(shape))).rejects.toMatchObject({
        code: 'MODEL_UNUSABLE',
        message: expect.stringContaining(`[${shape.join(', ')}]`),
      });
    },
  );
});

it('spans the whole image, even if its sides are not multiples of the stride', async () => {
  const record = {
    name: 'mine',
    title: 't',
    stride: 8,
    bytesPerPixel: 9,
    preprocessing: raw,
  } as BackboneRecord;
  const extractor = backboneExtractor({ record, file: '/m/model.onnx' });
  const extraction = await extractor.extract(image, echo([1, 6, 1, 1]), { threads: 1 });
  expect(extraction).toMatchObject({
    extentHeight: 1,
    extentWidth: 2,
    features: { channels: 6, height: 1, width: 1 },
  });
});
