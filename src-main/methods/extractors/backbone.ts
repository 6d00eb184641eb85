import { z } from 'zod';
import { PerchError } from '../../common/api/errors.ts';
import type { FeatureMap, RgbImage } from '../types.ts';
import type { AddedModel, Extractor, ModelRunner } from './extractor.ts';
import { knownBackbones } from './known-backbones.ts';
import { modelName } from './model-name.ts';
import { rangeScaling } from './scaling.ts';
import { DEFAULT_INPUT, inputTensor, modelInput, normalization } from './model-input.ts';

/** Processing before and after the graph. */
export const preprocessing = z.object({
  /** Mean and standard deviation that normalize R, G and B in 0..1; null if the graph normalizes. */
  normalization: normalization.nullable(),
  /** Type and layout of the graph's input; float32 planes of R, G and B in 0..1 if absent. */
  input: modelInput.optional(),
  /** Whether the graph scales its channels to 0..1 (docs/method.md, section 1). */
  scaled: z.boolean(),
});
export type Preprocessing = z.infer<typeof preprocessing>;

/** The contents of `model.json`, which describes the `model.onnx` in the same folder. */
export const backboneRecord = z.object({
  format: z.literal(1),
  kind: z.literal('backbone').optional(),
  name: modelName,
  title: z.string(),
  /** SHA-256 of `model.onnx`, in hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Size of `model.onnx`. */
  bytes: z.int().min(1),
  /**
   * Precision of the stored weights. `as brought`: the graph was imported as ONNX and keeps its own
   * precision.
   */
  precision: z.enum(['float32', 'float16', 'int8', 'as brought']),
  /** Largest and mean deviation of the features (0..1) from float32, measured on a probe image on import. */
  deviation: z.object({ largest: z.number(), mean: z.number() }).optional(),
  channels: z.int().min(1),
  /** Pixels between two feature positions. */
  stride: z.int().min(1),
  preprocessing,
  /** Upper estimate of peak working memory, in bytes per pixel of the image. */
  bytesPerPixel: z.number().min(1),
  /** The imported file, its SHA-256 and, if known, its publisher. */
  source: z.object({ file: z.string(), sha256: z.string(), publisher: z.string() }),
  license: z.string(),
  addedAt: z.iso.datetime(),
});
export type BackboneRecord = z.infer<typeof backboneRecord>;

/** An added backbone. */
export interface Backbone {
  record: BackboneRecord;
  /** Absolute path of the ONNX file. */
  file: string;
}

/** Cost estimate for networks that were not measured. */
const DEFAULT_OPS_PER_PIXEL = 35_000;

const knownOpsPerPixel = (name: string) =>
  knownBackbones.find((known) => known.name === name)?.operationsPerPixel;

/** A pretrained network up to one of its layers, as an extractor (paper, section 3.1). */
export function backboneExtractor({ record, file }: Backbone): Extractor {
  return {
    name: record.name,
    title: record.title,
    minSide: record.stride,
    channels: record.channels,
    stride: record.stride,
    operationsPerPixel: () => knownOpsPerPixel(record.name) ?? DEFAULT_OPS_PER_PIXEL,
    bytesPerPixel: record.bytesPerPixel,
    modelSha256: record.sha256,
    scaling: rangeScaling,
    async extract(image, models) {
      const model = { file, sha256: record.sha256 };
      const features = await backboneFeatures({ model, ...record.preprocessing }, image, models);
      return { features, extentHeight: image.height, extentWidth: image.width };
    },
  };
}

/**
 * The scaled features of an image: C x about H / stride x about W / stride.
 *
 * @throws PerchError `MODEL_UNUSABLE` if the model does not return one C x H x W map of finite values
 */
export async function backboneFeatures(
  { model, normalization, input = DEFAULT_INPUT, scaled }: { model: string | AddedModel } & Preprocessing,
  image: RgbImage,
  models: ModelRunner,
): Promise<FeatureMap> {
  const output = await models.run(model, inputTensor(image, input, normalization));
  const [batch, channels, height, width] = output.dimensions;
  const file = typeof model === 'string' ? model : model.file;
  if (output.dimensions.length !== 4 || batch !== 1 || output.values.length === 0) {
    throw new PerchError(
      'MODEL_UNUSABLE',
      `The model ${file} returns an array of shape [${output.dimensions.join(', ')}]; features have the shape ` +
        '[1, channels, height, width]. Choose another layer.',
    );
  }
  const features = { values: output.values, channels, height, width };
  if (!scaled) scaleChannels(features);
  if (!features.values.every(Number.isFinite)) {
    throw new PerchError(
      'MODEL_UNUSABLE',
      `The model ${file} returns features that are not finite. Choose another layer.`,
    );
  }
  return features;
}

/** Scales each channel to 0..1 by its minimum and maximum, in place (docs/method.md, section 1). */
function scaleChannels({ values, channels, height, width }: FeatureMap): void {
  const plane = height * width;
  for (let channel = 0; channel < channels; channel++) {
    const samples = values.subarray(channel * plane, (channel + 1) * plane);
    let [low, high] = [Infinity, -Infinity];
    for (let i = 0; i < plane; i++) {
      low = Math.min(low, samples[i]);
      high = Math.max(high, samples[i]);
    }
    const factor = 1 / (high - low + 1e-8);
    for (let i = 0; i < plane; i++) samples[i] = (samples[i] - low) * factor;
  }
}
