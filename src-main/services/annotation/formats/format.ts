import type { MaskShape } from '../../../engine/protocol/messages.ts';
import type { MaskRegion } from '../../../common/maps/mask-polygons.ts';
import type { StoredImage } from '../../../store/images.ts';

/** An image with ground truth, on its way into a file; no regions where it is normal. */
export interface LabeledImage {
  image: StoredImage;
  regions: MaskRegion[];
  /** Where its mask lies in the MVTec AD layout: `<class>/ground_truth/<kind>/<stem>_mask.png`. */
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
  /** Size of the image; undefined where the file does not say. */
  size: { width: number; height: number } | undefined;
  shapes: MaskShape[];
  /** Whether something of it is not among the shapes. Such an annotation never says that its image is normal. */
  isPartial: boolean;
  /** What of it was not taken, or taken otherwise than it was written, each in a sentence. */
  notes: string[];
}

/** A way of writing annotations that other programs share. */
export interface AnnotationFormat {
  /** Files that may hold annotations. */
  extension: '.json' | '.xml';
  /** @param folder absolute path that the files will lie below */
  write(images: readonly LabeledImage[], folder: string): WrittenFile[];
  /** @throws Error with the reason where the text is not of this format */
  read(text: string, file: string): FoundAnnotation[];
}

/** What a region is called where its image has no kind. */
export const ANY_KIND = 'defect';

/** A kind of defect as a category: the kind of a normal image, which somebody drew a defect in, is none. */
export function categoryOf({ defectType }: StoredImage): string {
  return defectType === '' || defectType === 'good' ? ANY_KIND : defectType;
}

/** A rectangle as a closed line, from its left top corner to its right bottom one. */
export function rectangle(left: number, top: number, right: number, bottom: number): number[] {
  return [left, top, right, top, right, bottom, left, bottom];
}
