import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { layoutNames } from '../layouts.ts';
import { line } from './text.ts';

/** The layout of a dataset on disk. */
export const layout = z.enum(layoutNames);
export type Layout = z.infer<typeof layout>;
export const layoutChoice = z.enum(['auto', ...layout.options]);
export type LayoutChoice = z.infer<typeof layoutChoice>;

/**
 * Counts of images: training images, and test images by their ground truth.
 * `train` + `masked` + `unmasked` + `normal` + `unknown` = `images`.
 */
export const classCounts = z.object({
  textureClass: z.string(),
  images: z.int(),
  /** Images of the `train` split, which are neither inspected nor evaluated. */
  train: z.int(),
  masked: z.int(),
  /** Defective by their folder, without a usable mask. They count only in image metrics. */
  unmasked: z.int(),
  normal: z.int(),
  unknown: z.int(),
});
export type ClassCounts = z.infer<typeof classCounts>;

export const dataset = z.object({
  id: z.int(),
  name: z.string(),
  layout,
  /** The image folder, which Perch never moves. */
  root: z.string(),
  /** Pixels ignored at each side of maps and masks in metrics. The layout sets the default. */
  ignoreBorder: z.int().min(0),
  /** Bit depth of all its 16-bit images; null if it is detected per class. */
  bitDepth: z.int().nullable().optional(),
  createdAt: z.string(),
  classes: z.array(classCounts),
});
export type Dataset = z.infer<typeof dataset>;

/** A problem with a dataset file. Problems do not stop an import. */
export const problem = z.object({
  kind: z.enum([
    'unreadable',
    'duplicate',
    'mask-size',
    'mask-unreadable',
    'mask-empty',
    'mask-doubtful',
    'mask-without-image',
    'ambiguous',
    'note',
    'dropped',
    'missing',
    'changed',
  ]),
  /** Relative to the dataset's folder if it is below it. The same applies to paths in `message`. */
  path: z.string(),
  message: z.string(),
});
export type Problem = z.infer<typeof problem>;

/** What an import would do. Nothing is written. */
export const importPreview = z.object({
  name: z.string(),
  layout,
  root: z.string(),
  classes: z.array(classCounts),
  problems: z.array(problem),
  /** How each folder's files are used. Folders are relative to their class's folder. */
  roles: z.array(z.object({ folder: z.string(), role: z.string(), files: z.int() })),
  /** Files that are not imported, by reason; `example` is the path of one of them. */
  skipped: z.array(z.object({ reason: z.string(), files: z.int(), example: z.string() })),
  /** Why the user has to choose a layout first, as a sentence; absent if the import can start. */
  blockedReason: z.string().optional(),
  /** The dataset of the same folder, which the import would update. */
  existing: z.int().optional(),
  /** The file, or the folder of this many images, that can be imported as one roll instead; absent if there is none. */
  roll: z.object({ path: z.string(), frames: z.int() }).optional(),
});
export type ImportPreview = z.infer<typeof importPreview>;

export const importEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.int(), total: z.int() }),
  z.object({ type: z.literal('imported'), dataset, problems: z.array(problem) }),
]);
export type ImportEvent = z.infer<typeof importEvent>;

export const verifyEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.int(), total: z.int() }),
  z.object({ type: z.literal('verified'), problems: z.array(problem) }),
]);
export type VerifyEvent = z.infer<typeof verifyEvent>;

export const groundTruth = z.enum(['unknown', 'normal', 'masked']);
export type GroundTruth = z.infer<typeof groundTruth>;

/** Whether the whole image is defective: by its ground truth or, if that is unknown, by its folder. */
export const imageLabel = z.enum(['normal', 'defective', 'unknown']);
export type ImageLabel = z.infer<typeof imageLabel>;

/** An image of a dataset: a file, a page of a file, or a tile of a strip. */
export const datasetImage = z.object({
  id: z.int(),
  /**
   * Path relative to its class, for display, with the tile index: `test/hole/000.png`, `0001_002_00.png #3`.
   */
  name: z.string(),
  textureClass: z.string(),
  /** Defect type by its folder; `good` for normal images, empty if the layout has no defect types. */
  defectType: z.string(),
  split: z.enum(['train', 'test']),
  /** Size in pixels, after EXIF orientation; for a tile, the size of the tile. */
  width: z.int(),
  height: z.int(),
  /** Whether the page draws the image as tiles, because it is too large to be decoded whole. */
  tiled: z.boolean().optional(),
  /** Bit depth of a 16-bit file; absent if the file defines its white level. */
  bitDepth: z.int().optional(),
  groundTruth,
  label: imageLabel,
  /** Latest mask: name of the asset `/assets/masks/<mask>`; null unless `groundTruth` is `masked`. */
  mask: z.string().nullable(),
  /** Latest revision of the ground truth, 0 if there is none. */
  revision: z.int(),
  /** Whether a person drew or imported its ground truth. */
  annotated: z.boolean(),
  /** Whether the file is unchanged since the import. */
  state: z.enum(['present', 'missing', 'changed']),
  /** SHA-256 of its thumbnail, for `thumbnails`. */
  thumbnail: z.string().nullable(),
});
export type DatasetImage = z.infer<typeof datasetImage>;

/** Bit depth of 16-bit images; `auto` detects it from the values of each class. */
export const bitDepthChoice = z.union([z.literal('auto'), z.int().min(8).max(16)]);
export type BitDepthChoice = z.infer<typeof bitDepthChoice>;

const id = z.object({ dataset: z.int() });
const source = z.object({
  paths: z.array(z.string().min(1)).min(1).max(10_000),
  layout: layoutChoice.default('auto'),
  name: line(100).min(1).optional(),
  /** If absent, an existing dataset keeps its bit depth and a new one uses `auto`. */
  bitDepth: bitDepthChoice.optional(),
});

export const datasets = {
  list: oc.output(z.object({ datasets: z.array(dataset) })),
  /** Detects the layout and counts images. Reads no pixels and writes nothing. */
  preview: oc.input(source).output(importPreview),
  /** Imports a dataset, or updates the dataset of the same folder. Aborting discards everything. */
  import: oc.input(source).output(eventIterator(importEvent)),
  /** All images; with `known`, only those that were added after a window had loaded `count` images, `last` being the last added one. */
  images: oc.input(id.extend({ known: z.object({ last: z.int(), count: z.int() }).optional() })).output(
    z.object({
      images: z.array(datasetImage),
      /** The known images that are still there, if some were removed. */
      kept: z.array(z.int()).optional(),
    }),
  ),
  /**
   * Thumbnails by SHA-256: WebP in base64, at most 192 pixels per side; null if missing. Windows need
   * hundreds of small thumbnails, so they are sent in batches.
   */
  thumbnails: oc
    .input(z.object({ thumbnails: z.array(z.string()).max(200) }))
    .output(z.object({ thumbnails: z.array(z.base64().nullable()) })),
  /** The path of an image on disk, for display. */
  path: oc.input(z.object({ image: z.int() })).output(z.object({ path: z.string() })),
  /** Verifies that every file is unchanged since the import. */
  verify: oc.input(id).output(eventIterator(verifyEvent)),
  rename: oc.input(id.extend({ name: line(100).min(1) })).output(dataset),
  /** Sets the new path of a moved dataset folder. Paths within the folder must be the same. */
  relocate: oc.input(id.extend({ path: z.string().min(1) })).output(dataset),
  setIgnoreBorder: oc.input(id.extend({ ignoreBorder: z.int().min(0).max(4096) })).output(dataset),
  /** Removes a dataset with its results, sessions and annotations from the store. Its files are not touched. */
  remove: oc.input(id).output(z.void()),
  /** Removes an upload, unless a dataset refers to its files. */
  discardUpload: oc.input(z.object({ upload: z.string().regex(/^[\w-][\w.-]{0,127}$/) })).output(z.void()),
  /** Yields a version now and after every change to datasets, images or ground truth. */
  watch: oc.output(
    eventIterator(
      z.object({
        version: z.int(),
        /** Number of changes other than added images. Two events with the same one differ in added images only. */
        others: z.int(),
      }),
    ),
  ),
  /** Opens the native dialog. Returns an empty list if the user cancels it. */
  choose: oc
    .input(z.object({ kind: z.enum(['files', 'folder']) }))
    .output(z.object({ paths: z.array(z.string()) })),
  /** The folder of the sample textures that come with Perch. */
  samples: oc.output(z.object({ path: z.string() })),
};
