import registry from '../../../models/registry.json' with { type: 'json' };

/** A pretrained backbone that Perch can build from its published checkpoint (`models/registry.json`). */
export interface KnownBackbone {
  name: string;
  /** One line for lists of choices. */
  title: string;
  /** File name of the published checkpoint. */
  file: string;
  /** URL of the checkpoint's folder. */
  address: string;
  /** Size of the checkpoint. */
  bytes: number;
  /** First hexadecimal digits of the checkpoint's SHA-256, which the publisher includes in the file name. */
  sha256Prefix: string;
  source: string;
  license: string;
  /** Peak working memory, in bytes per pixel of the image. */
  bytesPerPixel: number;
  /** Cost per pixel up to the layer in use, in the operations of `cost-model/compute-cost.ts`. */
  operationsPerPixel: number;
  /** Mean of R, G and B (0..1) in the training data. */
  mean: number[];
  /** Standard deviation of R, G and B in the training data. */
  std: number[];
}

export const knownBackbones: readonly KnownBackbone[] = registry;
