import { z } from 'zod';
import { PerchError } from '../../common/api/errors.ts';
import type { FeatureMap, RgbImage } from '../types.ts';
import type { AddedModel, Extractor, ModelRunner } from './extractor.ts';
import { knownBackbones } from './known-backbones.ts';

const rgb = z.tuple([z.number(), z.number(), z.number()]);

/** How an image becomes features with a graph; `null`: the graph does it itself. */
export const preprocessing = z.object({
  /** Mean and standard deviation that R, G and B in 0..1 are canonicalizeMethod with. */
  normalisation: z.object({ mean: rgb, std: rgb }).nullable(),
  /** Whether the graph scales its channels (method.md, section 1). */
  scaled: z.boolean(),
});
export type Preprocessing = z.infer<typeof preprocessing>;

/** Letters, digits, - and _: a model's name is also the name of its folder. */
export const modelName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);

/** What `model.json` says about the `model.onnx` beside it. */
export const backboneRecord = z.object({
  format: z.literal(1),
  name: modelName,
  title: z.string(),
  /** SHA-256 of `model.onnx`, and its size. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(1),
  /** How weights are held; of a graph that was brought ready made, nothing is known. */
  precision: z.enum(['float32', 'float16', 'int8', 'as brought']),
  /** How far features are from those in float32, measured on a probe image when it was added; features are 0..1. */
  deviation: z.object({ largest: z.number(), mean: z.number() }).optional(),
  channels: z.int().min(1),
  /** Pixels between two feature positions. */
  stride: z.int().min(1),
  preprocessing,
  /** Working memory in bytes per pixel of the image, at its peak; an upper estimate. */
  bytesPerPixel: z.number().min(1),
  /** Where it came from: the file that was added, its SHA-256, and who published that, if it is a known one. */
  source: z.object({ file: z.string(), sha256: z.string(), publisher: z.string() }),
  license: z.string(),
  addedAt: z.iso.datetime(),
});
export type BackboneRecord = z.infer<typeof backboneRecord>;

/** A backbone that was added: its record and its graph. */
export interface Backbone {
  record: BackboneRecord;
  /** Absolute path of the ONNX file. */
  file: string;
}

/** Work a pixel of networks that nobody measured. */
const UNMEASURED_OPERATIONS = 35_000;

const knownOperations = (name: string) =>
  knownBackbones.find((known) => known.name === name)?.operationsPerPixel;

/** A pretrained network up to one of its layers, as an extractor (paper, section 3.1). */
export function backboneExtractor({ record, file }: Backbone): Extractor {
  return {
    name: record.name,
    title: record.title,
    minSide: record.stride,
    channels: record.channels,
    stride: record.stride,
    operationsPerPixel: () => knownOperations(record.name) ?? UNMEASURED_OPERATIONS,
    bytesPerPixel: record.bytesPerPixel,
    modelSha256: record.sha256,
    async extract(image, graphs) {
      const graph = { file, sha256: record.sha256 };
      const features = await backboneFeatures({ graph, ...record.preprocessing }, image, graphs);
      return { features, extentHeight: image.height, extentWidth: image.width };
    },
  };
}

/**
 * The scaled features of an image: C x about H / stride x about W / stride.
 *
 * @throws PerchError `MODEL_UNUSABLE` where the graph makes something else than one C x H x W map of finite values
 */
export async function backboneFeatures(
  { graph, normalisation, scaled }: { graph: string | AddedModel } & Preprocessing,
  image: RgbImage,
  graphs: ModelRunner,
): Promise<FeatureMap> {
  const values = normalisation ? normalise(image, normalisation) : image.values;
  const output = await graphs.run(graph, { values, dimensions: [1, 3, image.height, image.width] });
  const [batch, channels, height, width] = output.dimensions;
  if (output.dimensions.length !== 4 || batch !== 1 || output.values.length === 0) {
    throw new PerchError(
      'MODEL_UNUSABLE',
      `The model ${typeof graph === 'string' ? graph : graph.file} makes [${output.dimensions.join(', ')}] of an image; features are [1, channels, height, width]. ` +
        'Name another layer.',
    );
  }
  const features = { values: output.values, channels, height, width };
  if (!scaled) scaleChannels(features);
  if (!features.values.every(Number.isFinite)) {
    const file = typeof graph === 'string' ? graph : graph.file;
    throw new PerchError(
      'MODEL_UNUSABLE',
      `The model ${file} makes features that are not finite. Name another layer.`,
    );
  }
  return features;
}

function normalise(
  { values, height, width }: RgbImage,
  { mean, std }: { mean: readonly number[]; std: readonly number[] },
): Float32Array {
  const plane = height * width;
  const canonicalizeMethod = new Float32Array(values.length);
  for (let channel = 0; channel < 3; channel++) {
    const [shift, factor] = [mean[channel], 1 / std[channel]];
    const end = (channel + 1) * plane;
    for (let i = channel * plane; i < end; i++) canonicalizeMethod[i] = (values[i] - shift) * factor;
  }
  return canonicalizeMethod;
}

/** Maps each channel to 0..1 by its own minimum and maximum, in place (method.md, section 1). */
function scaleChannels({ values, channels, height, width }: FeatureMap): void {
  const plane = height * width;
  for (let channel = 0; channel < channels; channel++) {
    const own = values.subarray(channel * plane, (channel + 1) * plane);
    let [low, high] = [Infinity, -Infinity];
    for (let i = 0; i < plane; i++) {
      low = Math.min(low, own[i]);
      high = Math.max(high, own[i]);
    }
    const factor = 1 / (high - low + 1e-8);
    for (let i = 0; i < plane; i++) own[i] = (own[i] - low) * factor;
  }
}
