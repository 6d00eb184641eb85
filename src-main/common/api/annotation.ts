import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { groundTruth, problem } from './datasets.ts';
import { personName, absolutePath } from './text.ts';

/** One state of an image's ground truth; every change makes a new one, none is lost. */
export const revision = z.object({
  image: z.int(),
  /** 1, 2, 3, ... */
  revision: z.int(),
  groundTruth,
  /** Asset `/assets/masks/<mask>` (PNG, 0 or 255, of the image's size); null unless `masked`. */
  mask: z.string().nullable(),
  /** Who made it, or imported it afterwards; empty for what came with the dataset. */
  author: z.string(),
  source: z.enum(['imported', 'drawn', 'restored']),
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
 * How ground truth lies in files: masks as images in the MVTec AD layout, or shapes in one file (`coco`) or a file an image (`labelme`,
 * `voc`, whose boxes are rectangles).
 */
export const annotationFormat = z.enum(['mvtec', 'coco', 'labelme', 'voc']);
export type AnnotationFormatName = z.infer<typeof annotationFormat>;

/** Whose change of which image. */
export const by = z.object({ image: z.int(), author: personName });

/**
 * A drawn mask is saved by `POST /assets/masks/<image id>?author=<name>&base=<revision>`, the body an 8-bit gray PNG of the image's size;
 * it answers with the `Revision`. A mask without any anomalous pixel makes the image `normal`. Where `base` is not the
 * latest revision it is refused with `CONFLICT`, and nothing is lost.
 */
export const annotation = {
  revisions: oc.input(z.object({ image: z.int() })).output(z.object({ revisions: z.array(revision) })),
  /** Makes an earlier revision the latest again, as a new one. Revision 0 is that before the first: nothing is known. */
  restore: oc.input(by.extend({ revision: z.int().min(0) })).output(revision),
  /**
   * Says of an image that it is normal, or that nothing is known of it.
   * Where `base` is given and is not the latest revision, it is refused with `CONFLICT`.
   */
  mark: oc
    .input(by.extend({ groundTruth: z.enum(['normal', 'unknown']), base: z.int().min(0).optional() }))
    .output(revision),
  /** Writes the ground truth of a dataset into a new or empty folder of the host: all of it, or nothing. */
  export: oc
    .input(z.object({ dataset: z.int(), folder: absolutePath, format: annotationFormat.default('mvtec') }))
    .output(eventIterator(transferEvent)),
  /**
   * Reads ground truth for images of a dataset from a folder, as new revisions: all of it, or nothing. What marks nothing leaves an
   * image as it is that is known as defective, unless `emptyIsNormal` says that it is normal.
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
