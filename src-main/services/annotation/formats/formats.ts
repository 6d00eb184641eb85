import type { AnnotationFormatName } from '../../../common/api/annotation.ts';
import { coco } from './coco.ts';
import type { AnnotationFormat } from './format.ts';
import { labelme } from './labelme.ts';
import { voc } from './voc.ts';

/** The formats for shapes. Masks as images are a file layout instead. */
export const annotationFormats: Record<Exclude<AnnotationFormatName, 'mvtec'>, AnnotationFormat> = {
  coco,
  labelme,
  voc,
};
