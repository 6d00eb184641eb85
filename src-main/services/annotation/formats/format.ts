import type { MaskShape } from '../../../engine/protocol/messages.ts';
import type { MaskRegion } from '../../../common/maps/mask-polygons.ts';
import type { StoredImage } from '../../../store/images.ts';

/** An image with ground truth to export; a normal image has no regions. */
export interface LabeledImage {
  image: StoredImage;
  regions: MaskRegion[];
  /** Path of its mask in the MVTec AD layout: `<class>/ground_truth/<defect type>/<stem>_mask.png`. */
  maskFile: string;
}

/** A file of an export: its path below the folder, with `/`, and its text. */
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
  /** Size of the image; undefined if the file does not say. */
  size: { width: number; height: number } | undefined;
  shapes: MaskShape[];
  /** Whether some of the annotation was not read as shapes. A partial annotation never makes its image normal. */
  isPartial: boolean;
  /** What was skipped or interpreted differently from the file, one sentence each. */
  notes: string[];
}

/** A file format for annotations that other programs use. */
export interface AnnotationFormat {
  /** Files that may hold annotations. */
  extension: '.json' | '.xml';
  /** @param folder absolute path that the files will lie below */
  write(images: readonly LabeledImage[], folder: string): WrittenFile[];
  /** @throws Error with the reason if the text is not of this format */
  read(text: string, file: string): FoundAnnotation[];
}

/** Label of a region if its image has no defect type. */
export const ANY_KIND = 'defect';

/** A kind of defect as a category: the kind of a normal image, which somebody drew a defect in, is none. */
export function categoryOf({ defectType }: StoredImage): string {
  return defectType === '' || defectType === 'good' ? ANY_KIND : defectType;
}

/** A rectangle as a closed outline, from its top left to its bottom right corner. */
export function rectangle(left: number, top: number, right: number, bottom: number): number[] {
  return [left, top, right, top, right, bottom, left, bottom];
}
