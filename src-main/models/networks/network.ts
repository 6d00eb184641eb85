import { z } from 'zod';
import type { ArchitectureChoice, Combination } from '../../common/api/models.ts';
import type { TensorDescription } from '../checkpoint/checkpoint.ts';

/** The precision in which weights are stored. Networks always compute in float32. */
export const precisions = ['float32', 'float16', 'int8'] as const;
export type Precision = (typeof precisions)[number];

/** The layers whose output is used; a network's own choice by default. */
export interface LayerSelection {
  /** Names or numbers of layers, as the network's publisher counts them. */
  layers?: readonly string[] | undefined;
  combine?: Combination | undefined;
}

/** Reads a weight by name: float32, row-major, in the declared shape. */
export type ReadWeight = (name: string) => Promise<Float32Array>;

/** Names and shapes of a checkpoint's weights. */
export type Shapes = ReadonlyMap<string, Pick<TensorDescription, 'shape'>>;

/** An architecture whose networks can be built from checkpoints. */
export interface Architecture extends ArchitectureChoice {
  /**
   * The network that a checkpoint with these names and shapes contains.
   *
   * @throws RangeError if they contain none, or not the selected layers. The reason completes "it was rejected: ..."
   */
  network(tensors: Shapes, selection?: LayerSelection): Network;
}

/** Cost of a network whose size follows from its checkpoint. */
const cost = z.object({
  /** Peak working memory in addition to the weights. */
  bytesPerPixel: z.number().min(1),
  multiplicationsPerPixel: z.number().min(0),
  /** Multiplications per pixel and pixel of the image: attention compares every token with every other. */
  multiplicationsPerPixelPair: z.number().min(0),
});
export type NetworkCost = z.infer<typeof cost>;

/** What a network takes and returns. */
export const networkTraits = z.object({
  /** Number of channels of its feature map. */
  channels: z.int().min(1),
  /** Distance of feature positions in pixels. */
  stride: z.int().min(1),
  /** Both sides of its input must be multiples of this; any size if absent. */
  multiple: z.int().min(1).optional(),
  /** Number of layers with equally many channels that follow each other in the feature map; 1 if absent. */
  layers: z.int().min(1).optional(),
  /** Features are already averaged over neighborhoods, as PatchCore needs them, and are not to be scaled. */
  aggregated: z.literal(true).optional(),
  /** Size of a network whose size follows from its checkpoint: "12 blocks, width 384, 4 registers". */
  size: z.string().optional(),
  /** Size and layers, for display: "12 blocks, width 384; blocks 5, 11 concatenated". */
  structure: z.string().optional(),
  cost: cost.optional(),
});
export type NetworkTraits = z.infer<typeof networkTraits>;

/** A network with weights from a checkpoint, up to the layers that Perch uses. */
export interface Network extends NetworkTraits {
  name: string;
  /** Names and shapes of its weights. */
  weights: Readonly<Record<string, readonly number[]>>;
  /**
   * The network as an ONNX model: `image` [1, 3, H, W], RGB in 0..1, to `features` [1, C, h, w], unscaled; any H and W that are
   * multiples of `multiple`. Normalization is part of it.
   *
   * @throws RangeError if a weight exceeds the precision's range
   */
  build(read: ReadWeight, precision: Precision): Promise<Uint8Array>;
}

const BACKBONE_KEY = 'perch.backbone';
const TRAITS_KEY = 'perch.network';
/** The value in graphs that earlier versions wrote, which also scale features. */
const SCALED = 'image in 0..1, scaled features';
const UNSCALED = 'image in 0..1, unscaled features';

/** Metadata of a graph that normalizes images itself. */
export function backboneMetadata(network: NetworkTraits): Record<string, string> {
  return { [BACKBONE_KEY]: UNSCALED, [TRAITS_KEY]: JSON.stringify(networkTraits.parse(network)) };
}

/** What Perch wrote into a graph that it built. */
export interface BuiltGraph {
  /** Whether the graph scales its features. */
  scaled: boolean;
  /** Absent in graphs of earlier versions. */
  traits?: NetworkTraits;
}

/** Reads the metadata of a graph; undefined if Perch did not build it. */
export function builtGraph(metadata: Record<string, string>): BuiltGraph | undefined {
  if (metadata[BACKBONE_KEY] === SCALED) return { scaled: true };
  if (metadata[BACKBONE_KEY] !== UNSCALED) return undefined;
  try {
    return { scaled: false, traits: networkTraits.parse(JSON.parse(metadata[TRAITS_KEY] ?? '')) };
  } catch {
    return undefined;
  }
}
