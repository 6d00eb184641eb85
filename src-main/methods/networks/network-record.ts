import { z } from 'zod';
import type { Size } from '../../common/geometry.ts';
import { modelName } from '../extractors/model-name.ts';
import { modelInput, normalization } from '../extractors/model-input.ts';

const side = z.int().min(1).max(16_384);

/** The contents of `model.json` of a network that computes anomaly maps. */
export const networkRecord = z.object({
  format: z.literal(1),
  kind: z.literal('map'),
  name: modelName,
  title: z.string(),
  /** SHA-256 of `model.onnx`, in hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Size of `model.onnx`. */
  bytes: z.int().min(1),
  input: modelInput,
  /** Normalizes the image in units of the input's range; null if the graph normalizes. */
  normalization: normalization.nullable(),
  /** The size that images are resized to; null if the network takes any. */
  size: z.object({ height: side, width: side }).nullable(),
  /** Name of the output with the anomaly map. */
  mapOutput: z.string(),
  /** Name of the output with the score of the image; null if there is none. */
  scoreOutput: z.string().nullable(),
  /** What the import assumed, as sentences. */
  notes: z.array(z.string()),
  /** Upper estimate of peak working memory, in bytes per pixel of the input. */
  bytesPerPixel: z.number().min(1),
  /** Time for a probe image on import, per pixel of the input. */
  secondsPerPixel: z.number().min(0),
  /** The imported file, its SHA-256 and, if known, its publisher. */
  source: z.object({ file: z.string(), sha256: z.string(), publisher: z.string() }),
  license: z.string(),
  addedAt: z.iso.datetime(),
});
export type NetworkRecord = z.infer<typeof networkRecord>;

/** An imported network that computes anomaly maps. */
export interface Network {
  record: NetworkRecord;
  /** Absolute path of the ONNX file. */
  file: string;
}

/** Pixels of a network's input for an image. */
export function networkPixels({ size, input }: NetworkRecord, image: Size): number {
  const { height, width } = size ?? image;
  const padded = (side: number) => Math.ceil(side / (input.multiple ?? 1)) * (input.multiple ?? 1);
  return padded(height) * padded(width);
}
