import type { ParameterDef } from '../../common/api/component-spec.ts';
import type { Crop, Size } from '../../common/geometry.ts';
import type { Execution, FeatureMap, RgbImage } from '../types.ts';
import type { ScalingRule } from './scaling.ts';

/** Runs ONNX models. The engine implements it and passes it to extractors. */
export interface ModelRunner {
  /**
   * Runs a model whose first output is float32.
   *
   * @param model name of an embedded graph in `models/`, an absolute path, or an added model
   * @param inputs row-major tensors in the order of the model's inputs
   * @throws PerchError `MODEL_UNUSABLE`
   */
  run(model: string | AddedModel, ...inputs: InputTensor[]): Promise<Tensor>;
  /**
   * Runs a model with one input.
   *
   * @param names the outputs to return; all if absent
   * @throws PerchError `MODEL_UNUSABLE`
   */
  runOutputs(
    model: string | AddedModel,
    input: InputTensor,
    names?: readonly string[],
  ): Promise<OutputTensor[]>;
  /** Frees the memory of all models. They are loaded again when they are needed. */
  release?(): Promise<void>;
}

/** A model that the user added. Its file may have been replaced, and it may run for any length of time. */
export interface AddedModel {
  /** Absolute path. */
  file: string;
  /** Expected SHA-256 of the file, in hexadecimal. */
  sha256: string;
}

export interface Tensor {
  values: Float32Array;
  dimensions: readonly number[];
}

/** An input of a model: its element type is that of `values`, or float16. */
export interface InputTensor {
  values: Float32Array | Uint8Array;
  dimensions: readonly number[];
  /** The model takes float16. */
  half?: true;
}

/** An output of a model. */
export interface OutputTensor {
  name: string;
  /** ONNX Runtime's name of the element type, such as `float32` or `bool`. */
  type: string;
  dimensions: readonly number[];
  /** The elements as float32; undefined if they are not floating-point numbers. */
  values: Float32Array | undefined;
}

/** The features of an image. */
export interface Extraction {
  /** Scaled to 0..1 or not, as the extractor defines (docs/method.md, section 1). */
  features: FeatureMap;
  /** Size in pixels of the area that the features span; exceeds the image if it was padded at the right and bottom. */
  extentHeight: number;
  extentWidth: number;
  /** Features are means over neighborhoods already, as PatchCore computes them. */
  aggregated?: true;
}

/** Numbers that the features of a block need from the whole image, by name. */
export type ImageConstants = Record<string, Float32Array>;

/**
 * How an extractor works on blocks of an image: local features depend on a neighborhood of known size, and constants of the image
 * complete them. The completed local features of the whole image are what `extract` gives, to the last bit where possible: FCA ranks
 * values, so the smallest difference between almost equal ones may exchange their errors.
 */
export interface LocalExtraction {
  /** Pixels around a block that its local features depend on. */
  halo: number;
  /** Blocks start at multiples of this many pixels. */
  multiple: number;
  /** Shorter sides of images make local features depend on the whole image. */
  minSide: number;
  /** Number of channels of the local features. */
  channels: number;
  /** Size of the image with its padding at the right and bottom, which the features cover. */
  extent(image: Size): Size;
  /** Size of the feature map. */
  positions(image: Size): Size;
  /**
   * Local features of a window.
   *
   * @param image the block; sides where the whole image continues are at least `halo` pixels from the window
   * @param window in positions of the block
   */
  extract(image: RgbImage, window: Crop, models: ModelRunner, execution: Execution): Promise<FeatureMap>;
  /** @param sample local features of the image, or of parts of it side by side */
  measure(sample: FeatureMap, models: ModelRunner): Promise<ImageConstants>;
  complete(local: FeatureMap, constants: ImageConstants, models: ModelRunner): Promise<FeatureMap>;
}

/** The paper's F (section 3.1): turns an image into a feature map. An extractor is one file here and one line in `registry.ts`. */
export interface Extractor {
  name: string;
  /** One line for lists of choices. */
  title: string;
  /** Whole numbers that may follow the name, as in `random:7`. */
  parameters?: readonly ParameterDef[];
  /** Smallest image side in pixels. */
  minSide: number;
  /** Number of feature channels. */
  channels: number;
  /** Pixels between two feature positions. */
  stride: number;
  /** Cost per pixel in the operations of `cost-model/compute-cost.ts`, for an image of this size. */
  operationsPerPixel(size: { height: number; width: number }): number;
  /** Upper estimate of peak working memory, in bytes per pixel of the image. */
  bytesPerPixel: number;
  /** Size of the added model's file; absent for embedded extractors. */
  modelBytes?: number;
  /** Number of layers with equally many channels that follow each other in the features; 1 if absent. */
  layers?: number;
  /** SHA-256 of the added model that it runs; absent for embedded extractors. */
  modelSha256?: string;
  /** How `extract` scales the channels over the image; absent if it does not. */
  scaling?: ScalingRule;
  /** How it works on blocks of an image; absent if its features depend on the whole image. */
  local?: LocalExtraction;
  extract(image: RgbImage, models: ModelRunner, execution: Execution): Promise<Extraction>;
  /** Extracts without `scaling`. Absent if there is none, or if an imported graph contains it. */
  extractUnscaled?(image: RgbImage, models: ModelRunner, execution: Execution): Promise<Extraction>;
}
