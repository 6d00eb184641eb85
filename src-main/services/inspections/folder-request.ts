import type { ErrorReport } from '../../common/api/errors.ts';
import type { ReadingNote } from '../../common/api/reading-notes.ts';
import type { RecipeDefinition } from '../../common/api/recipes.ts';
import type { InspectionRegion } from '../../common/api/regions.ts';
import type { AnyMethod, Inspection, ProviderChoice } from '../../common/api/schemas.ts';
import type { MaskRegion } from '../../common/maps/mask-polygons.ts';
import type { SkippedFiles } from '../library/folder-listing.ts';
import type { MapDecision } from '../recipes/decide-map-file.ts';

export interface FolderRequest {
  /** Image files and folders. */
  paths: readonly string[];
  method: AnyMethod;
  /** Normal images, for a method with a memory bank. */
  normal?: string[] | undefined;
  /** Output folder. */
  out: string;
  /** Score at which the overlay draws its outline; suggested from each class's scores if absent. */
  threshold?: number | undefined;
  /** The inspected part of every image, in image pixels; the whole image if absent. */
  region?: InspectionRegion | null | undefined;
  /** Decides the images. Its method and region are those of the request. */
  recipe?: RecipeDefinition | undefined;
  maxPixels: number;
  provider: ProviderChoice;
  /** Bit depth of 16-bit files; detected per texture class if absent. */
  bitDepth?: number | undefined;
}

/** Paths of one image's files. */
export interface OutputFiles {
  /** Anomaly map, NPY float32 at feature resolution. */
  map: string;
  /**
   * PNG at image size; written after all images of the class are inspected, because they share one display
   * range.
   */
  heatmap: string;
  overlay: string;
  /** The pixels at or above the threshold, as 255 on 0. */
  mask: string;
}

export type FolderEvent =
  | { type: 'found'; total: number; skipped: SkippedFiles[] }
  /** Its map is written, but the threshold of its class is not known yet. */
  | ({ type: 'inspected' } & Inspected)
  /** Its heatmap, overlay and mask are written as well. */
  | ({
      type: 'finished';
      threshold: number;
      regions: (MaskRegion & { counts: boolean })[];
      /** Pixels of the image per pixel of the pictures, along each side; absent if the pictures have the image's size. */
      reduction?: number;
    } & Inspected)
  | { type: 'failed'; path: string; error: ErrorReport };

/** An inspected image. */
export interface Inspected {
  /** Path of its file, or `FILE#N` for a page of a file. */
  path: string;
  inspection: Omit<Inspection, 'map'>;
  /** What was skipped, guessed or changed when the image was read. */
  notes: ReadingNote[];
  files: OutputFiles;
  /** The recipe's decision; absent without a recipe. */
  decided?: MapDecision;
}

/** An image in an engine request. */
export interface ImageSource {
  path: string;
  bitDepth?: number;
}
