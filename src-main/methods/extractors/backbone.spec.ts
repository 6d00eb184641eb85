import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../types.ts';
import { backboneExtractor, backboneFeatures } from './backbone.ts';
import type { BackboneRecord, Preprocessing } from './backbone.ts';
import type { ModelRunner, Tensor } from './extractor.ts';

/** A graph that gives back its input, and what it was asked. */
function echo(dimensions?: number[]): ModelRunner & { asked: { graph: unknown; input: Tensor }[] } {
  const asked: { graph: unknown; input: Tensor }[] = [];
  return {
    asked,
    run(graph, input) {
      asked.push({ graph, input });
      return Promise.resolve({ values: input.values.slice(), dimensions: dimensions ?? input.dimensions });
    },
  };
}

const image: RgbImage = { values: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 1), height: 1, width: 2 };
const raw: Preprocessing = { normalisation: null, scaled: true };

describe('the features of a backbone', () => {
  it('are made of an image that is normalized channel by channel', async () => {
    const graph = echo();
    const normalisation = { mean: [0, 0.5, 1], std: [1, 0.25, 2] } as Preprocessing['normalisation'];
    await backboneFeatures({ graph: '/m/model.onnx', normalisation, scaled: true }, image, graph);
    expect(graph.asked[0].graph).toBe('/m/model.onnx');
    expect(graph.asked[0].input.dimensions).toEqual([1, 3, 1, 2]);
    expect([...graph.asked[0].input.values]).toEqual([0, 0.25, 0, 1, 0, 0]);
    expect([...image.values]).toEqual([0, 0.25, 0.5, 0.75, 1, 1]);
  });

  it('are refused where they are not finite', async () => {
    const broken = { values: Float32Array.of(1, Infinity, 2, 1, 4, NaN), height: 1, width: 2 };
    for (const scaled of [true, false])
      await expect(backboneFeatures({ graph: 'm', ...raw, scaled }, broken, echo())).rejects.toMatchObject({
        code: 'MODEL_UNUSABLE',
        message: expect.stringMatching(/not finite/),
      });
  });

  it('are scaled channel by channel where the graph does not, and 0 where a channel is flat', async () => {
    const { values, channels, height, width } = await backboneFeatures(
      { graph: 'm', ...raw, scaled: false },
      { values: Float32Array.of(-3, 5, 2, 1, 4, 4), height: 1, width: 2 },
      echo(),
    );
    expect([channels, height, width]).toEqual([3, 1, 2]);
    expect([...values].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([0, 1, 1, 0, 0, 0]);
  });

  it('are left alone where the graph scales them', async () => {
    const { values } = await backboneFeatures({ graph: 'm', ...raw }, image, echo());
    expect([...values]).toEqual([...image.values]);
  });

  it.each([[[6]], [[2, 3, 1, 1]], [[1, 3, 2]], [[1, 1, 3, 1, 2]]])(
    'are refused with the shape %j',
    async (shape) => {
      await expect(backboneFeatures({ graph: 'm', ...raw }, image, echo(shape))).rejects.toMatchObject({
        code: 'MODEL_UNUSABLE',
        message: expect.stringContaining(`[${shape.join(', ')}]`),
      });
    },
  );
});

it('covers the whole image, however its sides are rounded', async () => {
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
