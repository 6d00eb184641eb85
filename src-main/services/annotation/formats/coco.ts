import { z } from 'zod';
import { fillRings, type MaskRegion } from '../../../common/maps/mask-polygons.ts';
import { compressRle, decompressRle, encodeRle } from '../../../common/maps/mask-rle.ts';
import type { MaskShape } from '../../../engine/protocol/data-types.ts';
import { type AnnotationFormat, categoryOf, type FoundAnnotation, rectangle } from './format.ts';

const size = z.number().int().positive();
const runs = z.object({
  size: z.tuple([size, size]),
  counts: z.union([z.string(), z.array(z.number())]),
});
/** Some programs write an id as a number in one place and as text in another. */
const id = z.union([z.number(), z.string()]).transform(String);
const schema = z.object({
  images: z.array(
    z.object({
      id,
      file_name: z.string(),
      width: size.optional(),
      height: size.optional(),
    }),
  ),
  annotations: z
    .array(
      z.object({
        image_id: id,
        segmentation: z.union([runs, z.array(z.array(z.number()))]).nullish(),
        bbox: z.array(z.number()).nullish(),
      }),
    )
    .default([]),
});

/**
 * COCO: one file with images, annotations and categories. A category is a defect type, and an annotation is a
 * region. Regions without holes are written as polygons, others as compressed run lengths. Uncompressed run
 * lengths are read as well. Normal images have no annotations. An image of a class with a scale has the width and
 * height of a pixel as `mm_per_pixel`, which other programs ignore.
 */
export const coco: AnnotationFormat = {
  extension: '.json',
  write(images) {
    const names = [
      ...new Set(images.filter(({ regions }) => regions.length > 0).map(({ image }) => categoryOf(image))),
    ];
    const text = JSON.stringify({
      info: { description: 'Ground truth exported by Perch' },
      images: images.map(({ image, pixel }) => ({
        id: image.id,
        file_name: `${image.textureClass}/${image.name}`,
        width: image.width,
        height: image.height,
        ...(pixel && { mm_per_pixel: [pixel.x, pixel.y] }),
      })),
      categories: names.map((name, at) => ({ id: at + 1, name, supercategory: 'defect' })),
      annotations: images
        .flatMap(({ image, regions }) => regions.map((region) => ({ image, region })))
        .map(({ image, region }, at) => ({
          id: at + 1,
          image_id: image.id,
          category_id: names.indexOf(categoryOf(image)) + 1,
          segmentation: segmentationOf(region, image.width, image.height),
          bbox: [region.box.left, region.box.top, region.box.width, region.box.height],
          area: region.area,
          iscrowd: 0,
        })),
    });
    return [{ path: 'annotations.json', text }];
  },
  read(text, file) {
    const { images, annotations } = schema.parse(JSON.parse(text));
    const ofImage = Map.groupBy(annotations, ({ image_id }) => image_id);
    const found = images.map(({ id, file_name, width, height }): FoundAnnotation => {
      const notes = new Set<string>();
      const drawn = (ofImage.get(id) ?? []).map((annotation) =>
        shapesOf(annotation, { width, height }, notes),
      );
      const known = width !== undefined && height !== undefined ? { width, height } : undefined;
      const isPartial = drawn.some((shapes) => shapes.length === 0);
      return { file, hints: [file_name], size: known, shapes: drawn.flat(), isPartial, notes: [...notes] };
    });
    const listed = new Set(images.map(({ id }) => id));
    const strays = [...ofImage.keys()].filter((id) => !listed.has(id));
    // Otherwise all of its images would be normal.
    if (strays.length > 0 && strays.length === ofImage.size)
      throw new Error('no annotation has the "image_id" of a listed image');
    return [...found, ...strays.map((id) => strayOf(id, file))];
  },
};

/** Annotations whose image the file does not list. Their hint matches no image. */
function strayOf(id: string, file: string): FoundAnnotation {
  return { file, hints: [`image_id ${id}`], size: undefined, shapes: [], isPartial: true, notes: [] };
}

/** Lists of polygons cannot describe holes: every program fills each polygon. */
function segmentationOf({ outlines, holes }: MaskRegion, width: number, height: number) {
  if (holes.length === 0) return outlines;
  const mask = new Uint8Array(width * height);
  fillRings(mask, width, height, [...outlines, ...holes]);
  return { size: [height, width], counts: compressRle(encodeRle(mask, width, height)) };
}

function shapesOf(
  { segmentation, bbox }: z.infer<typeof schema>['annotations'][number],
  image: { width: number | undefined; height: number | undefined },
  notes: Set<string>,
): MaskShape[] {
  if (segmentation && !Array.isArray(segmentation)) {
    const [height, width] = segmentation.size;
    if ((image.width ?? width) !== width || (image.height ?? height) !== height)
      throw new Error(
        `run lengths for ${width} x ${height} pixels, but the image has ${image.width} x ${image.height}`,
      );
    const { counts } = segmentation;
    return [{ counts: typeof counts === 'string' ? decompressRle(counts) : counts }];
  }
  const polygons = (segmentation ?? []).filter((ring) => ring.length >= 6 && ring.length % 2 === 0);
  if (polygons.length > 0) return polygons.map((ring) => ({ rings: [ring] }));
  if (bbox?.length !== 4) {
    notes.add('An annotation without a usable segmentation or box is skipped.');
    return [];
  }
  notes.add('Boxes without a segmentation are read as rectangles.');
  const [left, top, width, height] = bbox;
  return [{ rings: [rectangle(left, top, left + width, top + height)] }];
}
