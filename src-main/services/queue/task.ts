import { z } from 'zod';
import { inspectionRegion } from '../../common/api/regions.ts';
import { anyMethod, errorReport, provider, providerChoice, stage } from '../../common/api/schemas.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const size = z
  .int()
  .min(1)
  .max(2 ** 31);

/** An image by its content. */
export const taskImage = z.object({
  /** SHA-256 of its file. */
  sha256,
  bytes: z.int().min(0),
  /** Path below the dataset's folder, with slashes, for workers that have the folder too. */
  name: z.string().max(4096),
  /** Page of a TIFF file, from 1. */
  page: z.int().min(1).optional(),
  crop: z.object({ left: z.int().min(0), top: z.int().min(0), width: size, height: size }).optional(),
  bitDepth: z.int().min(1).max(16).optional(),
});
export type TaskImage = z.infer<typeof taskImage>;

/** One image and method of a run, as it is sent to a worker. */
export const task = z.object({
  /** The process that offers it and takes its result. */
  host: z.uuid(),
  image: taskImage,
  /** The normal images that the method compares with. */
  normal: z.array(taskImage).optional(),
  method: anyMethod,
  region: inspectionRegion.nullable(),
  maxPixels: z.number(),
  provider: providerChoice,
});
export type Task = z.infer<typeof task>;

const text = z.string().max(500);

/** What a worker sends for a task. The map follows it as NPY. */
export const answer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('map'),
    worker: text,
    device: text,
    versions: z.record(text, text),
    width: size,
    height: size,
    extentWidth: z.number().positive(),
    extentHeight: z.number().positive(),
    seconds: z.partialRecord(stage, z.number()),
    provider,
    statisticDevice: text.optional(),
    imageSha256: sha256,
    modelSha256: sha256.nullable(),
    chosen: z.record(text, z.number()).optional(),
    imageScore: z.number().optional(),
  }),
  z.object({ kind: z.literal('error'), worker: text, error: errorReport }),
]);
export type Answer = z.infer<typeof answer>;
