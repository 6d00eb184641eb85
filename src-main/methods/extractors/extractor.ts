import type { Argument } from '../../common/api/component-spec.ts';
import type { Execution, FeatureMap, RgbImage } from '../types.ts';

/** Runs ONNX graphs; the engine's, handed to the extractors that need it. */
export interface GraphRunner {
  /**
   * Runs a graph of float32 inputs and one float32 output.
   *
   * @param graph name of the graph below `models/`, an absolute path, or a graph that somebody added
   * @param inputs row-major float32 with their dimensions (N x C x H x W), in the order in which the graph declares them
   * @throws PerchError `MODEL_UNUSABLE`
   */
  run(graph: string | AddedGraph, ...inputs: Tensor[]): Promise<Tensor>;
}

/** A graph that somebody added: it may have been replaced since, and takes as long as it likes. */
export interface AddedGraph {
  /** Absolute path. */
  file: string;
  /** What the SHA-256 of the file has to be, in hexadecimal. */
  sha256: string;
}

export interface Tensor {
  values: Float32Array;
  dimensions: readonly number[];
}

/** What an extractor makes of an image. */
export interface Extraction {
  /** Scaled or not, as the extractor's definition has it (method.md, section 1). */
  features: FeatureMap;
  /** Size in pixels of the area that the features span; beyond the image where it was padded right and bottom. */
  extentHeight: number;
  extentWidth: number;
}

/** The paper's F (section 3.1): turns an image into a feature map. */
export interface Extractor {
  name: string;
  /** One line for choosers. */
  title: string;
  /** Whole numbers that may follow the name, as in `random:7`; absent where there are none. */
  arguments?: readonly Argument[];
  /** Smallest image side in pixels that it is defined for. */
  minSide: number;
  /** Of its features, and the pixels between two of their positions. */
  channels: number;
  stride: number;
  /** Work a pixel, in the operations of `methods/cost-model/compute-cost.ts`, for an image of that size. */
  operationsPerPixel(size: { height: number; width: number }): number;
  /** Working memory in bytes per pixel of the image, at its peak; an upper estimate. */
  bytesPerPixel: number;
  /** SHA-256 of the added model that it runs; absent for Perch's own. */
  modelSha256?: string;
  extract(image: RgbImage, graphs: GraphRunner, execution: Execution): Promise<Extraction>;
}
