import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { groundTruth, problem } from './datasets.ts';
import { personName, absolutePath } from './text.ts';

/** One state of the ground truth of an image. Every change adds a revision; none is removed. */
export const revision = z.object({
  image: z.int(),
  /** 1, 2, 3, ... */
  revision: z.int(),
  groundTruth,
  /** Asset `/assets/masks/<mask>` (PNG, 0 or 255, of the image's size); null unless `masked`. */
  mask: z.string().nullable(),
  /** The person who drew or imported it; empty if it came with the dataset. */
  author: z.string(),
  source: z.enum(['imported', 'drawn', 'restored', 'adjudicated']),
  /** Anomalous pixels. */
  pixels: z.int(),
  at: z.string(),
});
export type Revision = z.infer<typeof revision>;

export const transferEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.int(), total: z.int() }),
  z.object({
    type: z.literal('done'),
    written: z.int(),
    /** On import: images whose ground truth was already the same. */
    unchanged: z.int().optional(),
    problems: z.array(problem),
  }),
]);
export type TransferEvent = z.infer<typeof transferEvent>;

/**
 * Formats of ground truth: masks as images in the MVTec AD layout, shapes in one file (`coco`), or shapes in one file per image (`labelme`,
 * `voc`, whose boxes are rectangles).
 */
export const annotationFormat = z.enum(['mvtec', 'coco', 'labelme', 'voc']);
export type AnnotationFormatName = z.infer<typeof annotationFormat>;

/** The changed image, and the person who changes it. */
export const by = z.object({ image: z.int(), author: personName });

/**
 * `POST /assets/masks/<image id>?author=<name>&base=<revision>` saves a drawn mask. The body is an 8-bit gray PNG of the image's size;
 * the response is the `Revision`. A mask without anomalous pixels makes the image `normal`. If `base` is not the
 * latest revision, the request fails with `CONFLICT` and changes nothing.
 */
export const annotation = {
  revisions: oc.input(z.object({ image: z.int() })).output(z.object({ revisions: z.array(revision) })),
  /** Adds a copy of an earlier revision as the latest one. Revision 0 is the state before the first: ground truth unknown. */
  restore: oc.input(by.extend({ revision: z.int().min(0) })).output(revision),
  /**
   * Marks an image as normal, or its ground truth as unknown.
   * Fails with `CONFLICT` if `base` is given and is not the latest revision.
   */
  mark: oc
    .input(by.extend({ groundTruth: z.enum(['normal', 'unknown']), base: z.int().min(0).optional() }))
    .output(revision),
  /** Writes a dataset's ground truth to a new or empty folder on the host. Writes everything or nothing. */
  export: oc
    .input(z.object({ dataset: z.int(), folder: absolutePath, format: annotationFormat.default('mvtec') }))
    .output(eventIterator(transferEvent)),
  /**
   * Reads ground truth from a folder and adds it as new revisions: everything or nothing. An empty mask does
   * not change a defective image unless `emptyIsNormal` is set; then it makes the image normal.
   */
  import: oc
    .input(
      z.object({
        dataset: z.int(),
        folder: z.string().min(1),
        format: annotationFormat.default('mvtec'),
        emptyIsNormal: z.boolean().default(false),
        author: personName,
      }),
    )
    .output(eventIterator(transferEvent)),
};
