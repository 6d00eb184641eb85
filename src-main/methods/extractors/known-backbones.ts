import registry from '../../../models/registry.json' with { type: 'json' };

/** A pretrained backbone that Perch knows how to build from its published checkpoint (`models/registry.json`). */
export interface KnownBackbone {
  name: string;
  /** One line for choosers. */
  title: string;
  /** The published checkpoint: its file name, the address of the folder it lies in, and its size. */
  file: string;
  address: string;
  bytes: number;
  /** First hex digits of the checkpoint's SHA-256, as its publishers put them into the file name. */
  sha256Prefix: string;
  source: string;
  license: string;
  /** Working memory in bytes per pixel of the image, at its peak. */
  bytesPerPixel: number;
  /** Work a pixel up to the layer that is used, in the operations of `methods/cost-model/compute-cost.ts`. */
  operationsPerPixel: number;
  /** What the network was trained on: mean and standard deviation of R, G, B in 0..1. */
  mean: number[];
  std: number[];
}

export const knownBackbones: readonly KnownBackbone[] = registry;
