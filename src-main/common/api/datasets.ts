import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { line } from './text.ts';

/**
 * How a dataset lies on disk. Names of folders count in any case and in the usual other spellings.
 *  - `mvtec`: `<class>/{train,test}/<kind>/<file>`, masks in `<class>/ground_truth/<kind>/<stem>_mask.png`; also one class alone
 *  - `mvtec-ad-2`: the same with `test_public` and `test_private`; `mvtec-loco`: a folder of masks an image; `btad`: `ok` and `ko`
 *  - `wft`: Woven Fabric Textures; `dtd-synthetic`: DTD-Synthetic, as published (both MVTec-like)
 *  - `aitex`: `Defect_images`, `Mask_images`, `NODefect_images`: strips, cut into squares
 *  - `visa`: `<class>/Data/{Images,Masks}`
 *  - `kolektor`: `kos01/Part0.jpg` and `kos01/Part0_label.bmp`; `kolektor-2`: `test/10000.png` and `test/10000_GT.png`
 *  - `magnetic-tile`: `MT_<Kind>/Imgs/<stem>.jpg`, the mask `<stem>.png` next to it; also any tree with such pairs
 *  - `defect-types`: `<class>/<defect type>/<file>` without splits, normal images in `good`, `ok` or `normal`
 *  - `folder`: any tree of images; an image's folder is its class; masks in folders `masks` and the like, or next to their images
 */
export const layout = z.enum([
  ...['mvtec', 'mvtec-ad-2', 'mvtec-loco', 'btad', 'wft', 'dtd-synthetic', 'aitex'],
  ...['visa', 'kolektor', 'kolektor-2', 'magnetic-tile', 'defect-types', 'folder'],
] as const);
export type Layout = z.infer<typeof layout>;
export const layoutChoice = z.enum(['auto', ...layout.options]);
export type LayoutChoice = z.infer<typeof layoutChoice>;

/**
 * Counts of images. Training images are counted apart, test images by what is known of them:
 * `train` + `masked` + `unmasked` + `normal` + `unknown` = `images`.
 */
export const classCounts = z.object({
  textureClass: z.string(),
  images: z.int(),
  /** Images of the split `train`, which are not inspected and not evaluated. */
  train: z.int(),
  masked: z.int(),
  /** Defective by their folder, without a usable mask: they count in image metrics alone. */
  unmasked: z.int(),
  normal: z.int(),
  unknown: z.int(),
});
export type ClassCounts = z.infer<typeof classCounts>;

export const dataset = z.object({
  id: z.int(),
  name: z.string(),
  layout,
  /** Folder that the images lie in; they stay there. */
  root: z.string(),
  /** Pixels cut at every side from maps and masks before metrics; what the layout says unless it was changed. */
  ignoreBorder: z.int().min(0),
  /** Bits that all of its 16-bit images are read as; null where they are found from the values of each class. */
  bitDepth: z.int().nullable().optional(),
  createdAt: z.string(),
  classes: z.array(classCounts),
});
export type Dataset = z.infer<typeof dataset>;

/** Something about a dataset that a person should know; none stops an import. */
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
  /** Relative to the folder of the dataset, where it lies below that; the paths in `message` are so too. */
  path: z.string(),
  message: z.string(),
});
export type Problem = z.infer<typeof problem>;

/** What would be imported, before anything is written. */
export const importPreview = z.object({
  name: z.string(),
  layout,
  root: z.string(),
  classes: z.array(classCounts),
  problems: z.array(problem),
  /** What the files of each folder are taken for. Folders are below those of the classes. */
  roles: z.array(z.object({ folder: z.string(), role: z.string(), files: z.int() })),
  /** Files that are not imported, by the reason; `example` is the path of one of them. */
  skipped: z.array(z.object({ reason: z.string(), files: z.int(), example: z.string() })),
  /** Why nothing is imported before a person has chosen a layout, in a sentence; absent where it can be imported. */
  blockedReason: z.string().optional(),
  /** The dataset of the same folder that an import would bring up to date. */
  existing: z.int().optional(),
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

/** Whether an image as a whole is defective: by its ground truth or, where that is unknown, by its folder. */
export const imageLabel = z.enum(['normal', 'defective', 'unknown']);
export type ImageLabel = z.infer<typeof imageLabel>;

/** An image of a dataset: a file, or a part of one. */
export const datasetImage = z.object({
  id: z.int(),
  /** Path below its class for display, with the part of a strip: `test/hole/000.png`, `0001_002_00.png #3`. */
  name: z.string(),
  textureClass: z.string(),
  /** Defect kind by its folder; `good` for normal ones, empty where the layout has no kinds. */
  defectType: z.string(),
  split: z.enum(['train', 'test']),
  /** Size in pixels, after EXIF orientation; of the part, where it is one. */
  width: z.int(),
  height: z.int(),
  /** Bits that its 16-bit file is read as; absent where the file says what white is. */
  bitDepth: z.int().optional(),
  groundTruth,
  label: imageLabel,
  /** Latest mask: name of the asset `/assets/masks/<mask>`; null unless `groundTruth` is `masked`. */
  mask: z.string().nullable(),
  /** Latest revision of the ground truth, 0 where there is none. */
  revision: z.int(),
  /** Whether a person made its ground truth: drew it, or signed for masks that were brought in. */
  annotated: z.boolean(),
  /** Whether the file is still what was imported. */
  state: z.enum(['present', 'missing', 'changed']),
  /** Names its small picture for `thumbnails`: the SHA-256 of it. */
  thumbnail: z.string().nullable(),
});
export type DatasetImage = z.infer<typeof datasetImage>;

/** Bits that 16-bit images are read as; `auto`: as many as hold the values of a class. */
export const bitDepthChoice = z.union([z.literal('auto'), z.int().min(8).max(16)]);
export type BitDepthChoice = z.infer<typeof bitDepthChoice>;

const id = z.object({ dataset: z.int() });
const source = z.object({
  paths: z.array(z.string().min(1)).min(1).max(10_000),
  layout: layoutChoice.default('auto'),
  name: line(100).min(1).optional(),
  /** Absent: as it was for the dataset of the same folder, `auto` for a new one. */
  bitDepth: bitDepthChoice.optional(),
});

export const datasets = {
  list: oc.output(z.object({ datasets: z.array(dataset) })),
  /** Recognises the layout and counts; reads no pixels and writes nothing. */
  preview: oc.input(source).output(importPreview),
  /** Imports, or brings the dataset of the same root up to date. Aborting leaves nothing of a new one. */
  import: oc.input(source).output(eventIterator(importEvent)),
  images: oc.input(id).output(z.object({ images: z.array(datasetImage) })),
  /**
   * Small pictures by their names: WebP in base64, 192 pixels at most a side; null for what is not there. They are a few
   * kilobytes each and wanted by the hundred, so they travel together.
   */
  thumbnails: oc
    .input(z.object({ thumbnails: z.array(z.string()).max(200) }))
    .output(z.object({ thumbnails: z.array(z.base64().nullable()) })),
  /** The path of an image on disk, for display. */
  path: oc.input(z.object({ image: z.int() })).output(z.object({ path: z.string() })),
  /** Looks whether every file is still what it was. */
  verify: oc.input(id).output(eventIterator(verifyEvent)),
  rename: oc.input(id.extend({ name: line(100).min(1) })).output(dataset),
  /** Says where the folder of a dataset is now; the files in it are expected at the places that they had. */
  relocate: oc.input(id.extend({ path: z.string().min(1) })).output(dataset),
  setIgnoreBorder: oc.input(id.extend({ ignoreBorder: z.int().min(0).max(4096) })).output(dataset),
  /** Removes dataset, results, sessions and annotations from the store. Files of the dataset are not touched. */
  remove: oc.input(id).output(z.void()),
  /** Removes the files of a drop that is not imported after all; those that a dataset was made of stay. */
  discardUpload: oc.input(z.object({ upload: z.string().regex(/^[\w-][\w.-]{0,127}$/) })).output(z.void()),
  /** A number that grows whenever datasets, their images or their ground truth change, now and at every change. */
  watch: oc.output(eventIterator(z.object({ version: z.int() }))),
  /** Asks with the native dialog of the desktop; an empty list where it was dismissed. */
  choose: oc
    .input(z.object({ kind: z.enum(['files', 'folder']) }))
    .output(z.object({ paths: z.array(z.string()) })),
  /** The folder of the sample textures that come with Perch, to be imported as any other. */
  samples: oc.output(z.object({ path: z.string() })),
};
