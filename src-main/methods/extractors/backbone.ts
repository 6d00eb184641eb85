import { z } from 'zod';
import { PerchError } from '../../common/api/errors.ts';
import type { Size } from '../../common/geometry.ts';
import type { FeatureMap, RgbImage } from '../types.ts';
import type { AddedModel, Extraction, Extractor, ModelRunner, Tensor } from './extractor.ts';
import { knownBackbones } from './known-backbones.ts';
import { modelName } from './model-name.ts';
import { neighborhood } from './neighborhood.ts';
import { rangeScaling } from './scaling.ts';
import { DEFAULT_INPUT, inputTensor, modelInput, normalization } from './model-input.ts';
import { padToMultiple } from './pad-image.ts';
import { tokenLayout, tokenMap } from './token-map.ts';
import { antialiasedResize } from '../networks/antialiased-resize.ts';

/** Processing before and after the graph. */
export const preprocessing = z.object({
  /** Mean and standard deviation that normalize R, G and B in 0..1; null if the graph normalizes. */
  normalization: normalization.nullable(),
  /** Type and layout of the graph's input; float32 planes of R, G and B in 0..1 if absent. */
  input: modelInput.optional(),
  /** Images are padded at the right and bottom by reflection, to multiples of this. */
  multiple: z.int().min(1).max(4096).optional(),
  /** The only size of images that the graph takes; others are resized to it. */
  size: z.object({ height: z.int().min(1).max(65536), width: z.int().min(1).max(65536) }).optional(),
  /** Which tokens are patches, if the graph returns tokens, 1 x N x C, and no map. */
  tokens: tokenLayout.optional(),
  /** Whether channels are left as the graph returns them, because it scales them to 0..1 itself (docs/method.md, section 1). */
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
  /** Number of layers with equally many channels that follow each other in the features; 1 if absent. */
  layers: z.int().min(1).optional(),
  /** The graph averages neighborhoods, as PatchCore does, and its features are not scaled. */
  aggregated: z.literal(true).optional(),
  /** Size and layers of the network, for display. */
  structure: z.string().optional(),
  /** Upper estimate of peak working memory, in bytes per pixel of the image. */
  bytesPerPixel: z.number().min(1),
  /** Multiplications per pixel, and per pixel and pixel of the image, of networks whose size the checkpoint determines. */
  multiplications: z.object({ perPixel: z.number().min(0), perPixelPair: z.number().min(0) }).optional(),
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

/** Operations of `cost-model/compute-cost.ts` per multiplication in a matrix product, measured with DINOv2. */
const OPS_PER_MULTIPLICATION = 0.25;

const knownOpsPerPixel = (name: string) =>
  knownBackbones.find((known) => known.name === name)?.operationsPerPixel;

function operationsPerPixel({ name, multiplications }: BackboneRecord, { height, width }: Size): number {
  if (!multiplications) return knownOpsPerPixel(name) ?? DEFAULT_OPS_PER_PIXEL;
  const { perPixel, perPixelPair } = multiplications;
  return OPS_PER_MULTIPLICATION * (perPixel + perPixelPair * height * width);
}

/** A pretrained network up to one of its layers, as an extractor (paper, section 3.1). */
export function backboneExtractor({ record, file }: Backbone): Extractor {
  const { name, title, stride, channels, layers, aggregated, preprocessing, sha256 } = record;
  const graph = { model: { file, sha256 }, ...preprocessing };
  const halo = knownBackbones.find((known) => known.name === name)?.halo;
  const { scaled, size, multiple = 1, tokens } = preprocessing;
  const isLocal = halo !== undefined && !scaled && !size && !tokens && multiple === 1;
  const extractUnscaled: Extractor['extract'] = (image, models) =>
    extractUnscaledBackbone(graph, image, models);
  const shape = { minSide: stride, channels, stride };
  return {
    name,
    title,
    ...shape,
    ...(isLocal && { local: neighborhood(shape, extractUnscaled, halo, !aggregated) }),
    ...(layers !== undefined && { layers }),
    operationsPerPixel: (size) => operationsPerPixel(record, size),
    bytesPerPixel: record.bytesPerPixel,
    modelBytes: record.bytes,
    modelSha256: sha256,
    ...(!aggregated && { scaling: rangeScaling }),
    ...(!scaled && {
      extractUnscaled,
    }),
    async extract(image, models) {
      return { ...(await extractBackbone(graph, image, models)), ...(aggregated && { aggregated }) };
    },
  };
}

/**
 * The scaled features of an image: C x about H / stride x about W / stride.
 *
 * @throws PerchError `MODEL_UNUSABLE` if the model does not return one C x H x W map of finite values
 */
export async function extractBackbone(
  graph: BackboneGraph,
  image: RgbImage,
  models: ModelRunner,
): Promise<Extraction> {
  const extraction = await extractUnscaledBackbone(graph, image, models);
  if (!graph.scaled) scaleChannels(extraction.features);
  return extraction;
}

/** A graph with the processing before and after it. */
export type BackboneGraph = { model: string | AddedModel } & Preprocessing;

/** The features as the graph returns them; those of graphs that scale are scaled. Throws as `extractBackbone`. */
export async function extractUnscaledBackbone(
  graph: BackboneGraph,
  image: RgbImage,
  models: ModelRunner,
): Promise<Extraction> {
  const { model, normalization, input = DEFAULT_INPUT, multiple = 1, size } = graph;
  const prepared = size ? antialiasedResize(image, size) : padToMultiple(image, multiple);
  const output = await models.run(model, inputTensor(prepared, input, normalization));
  const features = featuresOf(graph, output, prepared);
  if (!features.values.every(Number.isFinite)) {
    throw new PerchError(
      'MODEL_UNUSABLE',
      `The model ${fileOf(model)} returns features that are not finite. Choose another layer.`,
    );
  }
  const extent = size ? image : prepared;
  return { features, extentHeight: extent.height, extentWidth: extent.width };
}

function featuresOf({ model, tokens, multiple = 1 }: BackboneGraph, output: Tensor, image: Size): FeatureMap {
  const { values, dimensions } = output;
  const shape = `an array of shape [${dimensions.join(', ')}]`;
  if (tokens) {
    const grid = tokens.grid ?? { height: image.height / multiple, width: image.width / multiple };
    const map = tokenMap(output, tokens.leading, grid);
    if (map) return map;
    throw new PerchError(
      'MODEL_UNUSABLE',
      `The model ${fileOf(model)} returns ${shape}; it should be ${tokens.leading} tokens and a grid of ` +
        `${grid.height} x ${grid.width}.`,
    );
  }
  const [batch, channels, height, width] = dimensions;
  if (dimensions.length === 4 && batch === 1 && values.length > 0) return { values, channels, height, width };
  throw new PerchError(
    'MODEL_UNUSABLE',
    `The model ${fileOf(model)} returns ${shape}; features have the shape [1, channels, height, width]. Choose another layer.`,
    undefined,
    dimensions.length === 3 ? { kind: 'import-tokens' } : undefined,
  );
}

const fileOf = (model: string | AddedModel) => (typeof model === 'string' ? model : model.file);

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
