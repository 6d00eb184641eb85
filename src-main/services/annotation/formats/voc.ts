import { basename } from 'node:path';
import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { type AnnotationFormat, categoryOf, rectangle } from './format.ts';

const size = z.coerce.number().int().positive();
const edge = z.coerce.number();
const schema = z.object({
  annotation: z.object({
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
 * Pascal VOC: one XML file an image, with a box for each region. Boxes hold no shape: they come back as rectangles. Pixels count from
 * 1, both ends of a box lie in it.
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
            ...{ pose: 'Unspecified', truncated: 0, difficult: 0 },
            bndbox: { xmin: left + 1, ymin: top + 1, xmax: left + width, ymax: top + height },
          })),
        },
      }),
    })),
  read(text, file) {
    const { annotation } = schema.parse(parser.parse(text, true));
    const boxes = annotation.object.flatMap(({ bndbox }) => bndbox ?? []);
    const own = file.replaceAll('\\', '/').replace(/\.xml$/i, '');
    const named = annotation.filename
      ? [`${own.slice(0, own.lastIndexOf('/'))}/${basename(annotation.filename)}`]
      : [];
    return [
      {
        file,
        hints: [...(annotation.path ? [annotation.path.replaceAll('\\', '/')] : []), ...named, own],
        size: annotation.size,
        shapes: boxes.map(({ xmin, ymin, xmax, ymax }) => ({
          rings: [rectangle(xmin - 1, ymin - 1, xmax, ymax)],
        })),
        notes: boxes.length > 0 ? ['Boxes are taken as rectangles: the format holds no shapes.'] : [],
      },
    ];
  },
};
