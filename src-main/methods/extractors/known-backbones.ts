import { z } from 'zod';
import { combinations } from '../../common/api/models.ts';
import registry from '../../../models/registry.json' with { type: 'json' };

const triple = z.tuple([z.number(), z.number(), z.number()]);

/** A pretrained backbone that Perch can build from its published checkpoint (`models/registry.json`). */
const knownBackbone = z.strictObject({
  name: z.string(),
  /** One line for lists of choices. */
  title: z.string(),
  /** Name of the architecture, in `models/networks`. */
  network: z.string(),
  /** Layers in use and how they are combined, if the architecture's own choice is not wanted. */
  layers: z.array(z.string()).optional(),
  combine: z.enum(combinations).optional(),
  /** Channels and stride of its features. */
  channels: z.int(),
  stride: z.int(),
  /** Pixels around a position's own that its features depend on; absent if they depend on the whole image. */
  halo: z.int().optional(),
  /** Its size as `NetworkTraits` describes it, if the architecture has several. */
  size: z.string().optional(),
  /** File name of the published checkpoint. */
  file: z.string(),
  /** URL of the checkpoint's folder. */
  address: z.url(),
  /** Size of the checkpoint, if known. */
  bytes: z.int().optional(),
  /** First hexadecimal digits of the checkpoint's SHA-256, if the publisher includes them in the file name. */
  sha256Prefix: z.string().optional(),
  source: z.string(),
  license: z.string(),
  /** Peak working memory, in bytes per pixel of the image; from the checkpoint if absent. */
  bytesPerPixel: z.number().optional(),
  /** Cost per pixel up to the layer in use, in the operations of `cost-model/compute-cost.ts`; from the checkpoint if absent. */
  operationsPerPixel: z.number().optional(),
  /** Mean of R, G and B (0..1) in the training data. */
  mean: triple,
  /** Standard deviation of R, G and B in the training data. */
  std: triple,
});
export type KnownBackbone = z.infer<typeof knownBackbone>;

export const knownBackbones: readonly KnownBackbone[] = z.array(knownBackbone).parse(registry);
