/** How the weights of a stored network are held; it always computes in float32. */
export const precisions = ['float32', 'float16', 'int8'] as const;
export type Precision = (typeof precisions)[number];

/** Reads a weight by name: float32, row-major, in the shape that the network names. */
export type ReadWeight = (name: string) => Promise<Float32Array>;

/** A network whose weights come from a checkpoint, up to the layers that Perch uses. */
export interface Network {
  name: string;
  /** Channels of its feature map. */
  channels: number;
  /** Pixels between two feature positions. */
  stride: number;
  /** Names and shapes of the weights that it takes, as torchvision has them. */
  weights: Readonly<Record<string, readonly number[]>>;
  /**
   * The network as an ONNX model: `image` [1, 3, H, W], RGB in 0..1, to `features` [1, C, h, w], scaled; any H and W.
   * Normalisation and scaling are part of it.
   *
   * @throws RangeError where a weight does not fit the precision
   */
  build(read: ReadWeight, precision: Precision): Promise<Uint8Array>;
}

/** Metadata of graphs that normalise the image and scale the features themselves. */
export const selfContained = { 'perch.backbone': 'image in 0..1, scaled features' };
