import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { pointsOf } from '../../../common/maps/mask-polygons.ts';
import type { MaskShape } from '../../../engine/protocol/data-types.ts';
import { type AnnotationFormat, categoryOf, rectangle } from './format.ts';

const schema = z.object({
  shapes: z.array(
    z.object({
      label: z.string().nullish(),
      points: z.array(z.tuple([z.number(), z.number()])),
      shape_type: z.string().nullish(),
      mask: z.string().nullish(),
      group_id: z.number().nullish(),
      flags: z.record(z.string(), z.unknown()).nullish(),
    }),
  ),
  imagePath: z.string().nullish(),
  imageWidth: z.number().int().positive().nullish(),
  imageHeight: z.number().int().positive().nullish(),
});

/**
 * labelme: one JSON file per image, next to the image. Each outline of a region is a polygon. labelme has no
 * shape for holes, so holes are polygons of the same group with the flag `hole`. Polygons, rectangles,
 * circles and masks are read.
 */
export const labelme: AnnotationFormat = {
  extension: '.json',
  write: (images, folder) =>
    images.map(({ image, regions, maskFile }) => {
      const path = maskFile.replace('/ground_truth/', '/').replace(/_mask\.png$/, '.json');
      const label = categoryOf(image);
      const shape = (group_id: number | null, flags: Record<string, boolean>) => (ring: number[]) => ({
        label,
        points: pointsOf(ring),
        group_id,
        description: '',
        shape_type: 'polygon',
        flags,
      });
      const document = {
        version: '5.5.0',
        flags: {},
        shapes: regions.flatMap(({ outlines, holes }, at) => {
          const group = outlines.length + holes.length > 1 ? at + 1 : null;
          return [...outlines.map(shape(group, {})), ...holes.map(shape(group, { [HOLE]: true }))];
        }),
        imagePath: relative(dirname(join(folder, path)), image.path).replaceAll('\\', '/'),
        imageData: null,
        imageHeight: image.height,
        imageWidth: image.width,
      };
      return { path, text: JSON.stringify(document, null, 2) };
    }),
  read(text, file) {
    const { shapes, imagePath, imageWidth, imageHeight } = schema.parse(JSON.parse(text));
    const notes = new Set<string>();
    // The shapes of a group with holes form one region. An outline inside a hole is filled again.
    const groups = Map.groupBy(shapes, ({ group_id }) => group_id ?? undefined);
    const withHoles = [...groups].flatMap(([id, of]) => (id !== undefined && of.some(isHole) ? [of] : []));
    const apart = shapes.filter((shape) => !withHoles.some((of) => of.includes(shape)));
    const read = apart.map((shape) => shapesOf(shape, notes));
    const drawn: MaskShape[] = [
      ...withHoles.map((of) => ({ rings: of.map(({ points }) => points.flat()) })),
      ...read.flat(),
    ];
    const isPartial = read.some((of) => of.length === 0);
    const known = imageWidth && imageHeight ? { width: imageWidth, height: imageHeight } : undefined;
    return [
      { file, hints: hintsOf(file, imagePath), size: known, shapes: drawn, isPartial, notes: [...notes] },
    ];
  },
};

/** Flag of polygons that are holes in their group. */
const HOLE = 'hole';
const isHole = ({ flags }: { flags?: Record<string, unknown> | null | undefined }) => flags?.[HOLE] === true;
/** Shapes that are closed outlines, including those of labelme-compatible programs. */
const POLYGONS = ['polygon', 'rectangle', 'rotation', 'oriented_rectangle'];
/** Number of vertices of the polygon that approximates a circle. */
const CORNERS = 180;

function hintsOf(file: string, imagePath: string | null | undefined): string[] {
  const own = file.replaceAll('\\', '/').replace(/\.json$/i, '');
  return imagePath
    ? [join(dirname(file), imagePath).replaceAll('\\', '/'), `${dirname(own)}/${basename(imagePath)}`, own]
    : [own];
}

function shapesOf(
  { points, shape_type, mask }: z.infer<typeof schema>['shapes'][number],
  notes: Set<string>,
): MaskShape[] {
  const type = shape_type ?? 'polygon';
  const [first, second] = points;
  if (POLYGONS.includes(type) && points.length >= 3) return [{ rings: [points.flat()] }];
  if (type === 'rectangle' && points.length === 2) {
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    return [{ rings: [rectangle(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys))] }];
  }
  if (type === 'circle' && points.length === 2) {
    const radius = Math.hypot(second[0] - first[0], second[1] - first[1]);
    const ring = Array.from({ length: CORNERS }, (_, at) => {
      const angle = (2 * Math.PI * at) / CORNERS;
      return [first[0] + radius * Math.cos(angle), first[1] + radius * Math.sin(angle)];
    });
    return [{ rings: [ring.flat()] }];
  }
  if (type === 'mask' && mask && points.length > 0)
    return [
      {
        png: new Uint8Array(Buffer.from(mask, 'base64')),
        left: Math.round(first[0]),
        top: Math.round(first[1]),
      },
    ];
  notes.add(`Shapes of type "${type}" have no area and are skipped.`);
  return [];
}
