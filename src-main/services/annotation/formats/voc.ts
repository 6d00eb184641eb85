import { basename } from 'node:path';
import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { type AnnotationFormat, categoryOf, rectangle } from './format.ts';

/** 0 if the program did not know the size. */
const size = z.coerce.number().int().nonnegative();
const edge = z.coerce.number();
const schema = z.object({
  annotation: z.object({
    folder: z.coerce.string().optional(),
    filename: z.coerce.string().optional(),
    path: z.coerce.string().optional(),
    size: z.object({ width: size, height: size }).optional(),
    object: z
      .array(z.object({ bndbox: z.object({ xmin: edge, ymin: edge, xmax: edge, ymax: edge }).optional() }))
      .default([]),
  }),
});

const parser = new XMLParser({
  isArray: (name) => name === 'object',
  processEntities: true,
  parseTagValue: false,
});
const builder = new XMLBuilder({ format: true });

/**
 * Pascal VOC: one XML file per image, with a box for each region. Boxes have no shape, so they are read as
 * rectangles. Pixel coordinates start at 1, and both corners are inside the box.
 */
export const voc: AnnotationFormat = {
  extension: '.xml',
  write: (images) =>
    images.map(({ image, regions, maskFile }) => ({
      path: maskFile.replace('/ground_truth/', '/').replace(/_mask\.png$/, '.xml'),
      text: builder.build({
        annotation: {
          folder: image.textureClass,
          filename: basename(image.path),
          path: image.path,
          source: { database: 'Perch' },
          size: { width: image.width, height: image.height, depth: 3 },
          segmented: 0,
          object: regions.map(({ box: { left, top, width, height } }) => ({
            name: categoryOf(image),
            pose: 'Unspecified',
            truncated: 0,
            difficult: 0,
            bndbox: { xmin: left + 1, ymin: top + 1, xmax: left + width, ymax: top + height },
          })),
        },
      }),
    })),
  read(text, file) {
    const { annotation } = schema.parse(parser.parse(text, true));
    const { folder, filename, path, object: objects } = annotation;
    const boxes = objects.flatMap(({ bndbox }) => bndbox ?? []);
    const isPartial = boxes.length < objects.length;
    const known = annotation.size && annotation.size.width > 0 && annotation.size.height > 0;
    const own = file.replaceAll('\\', '/').replace(/\.xml$/i, '');
    const named = filename
      ? [
          `${own.slice(0, own.lastIndexOf('/'))}/${basename(filename)}`,
          ...(folder ? [`${folder}/${basename(filename)}`] : []),
        ]
      : [];
    return [
      {
        file,
        hints: [...(path ? [path.replaceAll('\\', '/')] : []), ...named, own],
        size: known ? annotation.size : undefined,
        shapes: boxes.map(({ xmin, ymin, xmax, ymax }) => ({
          rings: [
            rectangle(
              Math.min(xmin, xmax) - 1,
              Math.min(ymin, ymax) - 1,
              Math.max(xmin, xmax),
              Math.max(ymin, ymax),
            ),
          ],
        })),
        isPartial,
        notes: [
          ...(boxes.length > 0 ? ['Boxes are read as rectangles, because the format has no shapes.'] : []),
          ...(isPartial ? ['Objects without "bndbox" are skipped.'] : []),
        ],
      },
    ];
  },
};
