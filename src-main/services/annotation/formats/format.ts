import type { MaskShape } from '../../../engine/protocol/data-types.ts';
import type { PixelSize } from '../../../common/scale.ts';
import type { MaskRegion } from '../../../common/maps/mask-polygons.ts';
import type { StoredImage } from '../../../store/images.ts';

/** An image with ground truth to export; a normal image has no regions. */
export interface LabeledImage {
  image: StoredImage;
  regions: MaskRegion[];
  /** Size of a pixel in millimeters; absent if it is unknown. */
  pixel?: PixelSize | undefined;
  /** Path of its mask in the MVTec AD layout: `<class>/ground_truth/<defect type>/<stem>_mask.png`. */
  maskFile: string;
}

/** An exported file: its text, and its path below the folder, with `/`. */
export interface WrittenFile {
  path: string;
  text: string;
}

/** The annotation of one image in a file. */
export interface FoundAnnotation {
  /** The annotation file. */
  file: string;
  /** Names and paths of the image, the most reliable first. */
  hints: string[];
  /** Size of the image; undefined if the file does not contain it. */
  size: { width: number; height: number } | undefined;
  shapes: MaskShape[];
  /**
   * Whether some of the annotation could not be read as shapes. A partial annotation never makes its image
   * normal.
   */
  isPartial: boolean;
  /** What was skipped or reinterpreted, one sentence each. */
  notes: string[];
}

/** A file format for annotations that other programs use. */
export interface AnnotationFormat {
  /** Files that may hold annotations. */
  extension: '.json' | '.xml';
  /** @param folder absolute path of the folder that will contain the files */
  write(images: readonly LabeledImage[], folder: string): WrittenFile[];
  /** @throws Error with the reason if the text is not of this format */
  read(text: string, file: string): FoundAnnotation[];
}

/** The label of a region if its image has no defect type. */
export const ANY_KIND = 'defect';

/** A defect type as a category. Normal images in which a user drew a defect have no defect type. */
export function categoryOf({ defectType }: StoredImage): string {
  return defectType === '' || defectType === 'good' ? ANY_KIND : defectType;
}

/** A rectangle as a closed outline, from its top left to its bottom right corner. */
export function rectangle(left: number, top: number, right: number, bottom: number): number[] {
  return [left, top, right, top, right, bottom, left, bottom];
}
