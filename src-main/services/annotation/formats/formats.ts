import type { AnnotationFormatName } from '../../../common/api/annotation.ts';
import { coco } from './coco.ts';
import type { AnnotationFormat } from './format.ts';
import { labelme } from './labelme.ts';
import { voc } from './voc.ts';

/** The formats that hold shapes; masks as images are a layout of files instead. */
export const annotationFormats: Record<Exclude<AnnotationFormatName, 'mvtec'>, AnnotationFormat> = {
  coco,
  labelme,
  voc,
};
