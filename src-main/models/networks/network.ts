/** The precision in which weights are stored. Networks always compute in float32. */
export const precisions = ['float32', 'float16', 'int8'] as const;
export type Precision = (typeof precisions)[number];

/** Reads a weight by name: float32, row-major, in the declared shape. */
export type ReadWeight = (name: string) => Promise<Float32Array>;

/** A network with weights from a checkpoint, up to the layers that Perch uses. */
export interface Network {
  name: string;
  /** Number of channels of its feature map. */
  channels: number;
  /** Distance of feature positions in pixels. */
  stride: number;
  /** Names and shapes of its weights in torchvision. */
  weights: Readonly<Record<string, readonly number[]>>;
  /**
   * The network as an ONNX model: `image` [1, 3, H, W], RGB in 0..1, to `features` [1, C, h, w], scaled; any H and W.
   * Normalization and scaling are part of it.
   *
   * @throws RangeError if a weight exceeds the precision's range
   */
  build(read: ReadWeight, precision: Precision): Promise<Uint8Array>;
}

/** Metadata of graphs that normalize images and scale features themselves. */
export const selfContained = { 'perch.backbone': 'image in 0..1, scaled features' };
