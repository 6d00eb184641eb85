import { oc } from '@orpc/contract';
import { z } from 'zod';
import { personName } from './text.ts';

/** A coordinate in image pixels; pixel (0, 0) spans 0..1. */
const coordinate = z.number().min(-1e6).max(1e6);

export const regionShape = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('rectangle'),
    left: coordinate,
    top: coordinate,
    width: z.number().positive().max(1e6),
    height: z.number().positive().max(1e6),
  }),
  /** A closed polygon, filled by the even-odd rule. */
  z.strictObject({
    type: z.literal('polygon'),
    points: z
      .array(z.tuple([coordinate, coordinate]))
      .min(3)
      .max(1000),
  }),
]);
export type RegionShape = z.infer<typeof regionShape>;

/**
 * The part of every image of a class that is inspected: the union of `include` (the whole image if it is empty), without `exclude`
 * and without `border` pixels at each side of the image.
 */
export const inspectionRegion = z.strictObject({
  include: z.array(regionShape).max(100),
  exclude: z.array(regionShape).max(100),
  border: z.number().min(0).max(4096),
});
export type InspectionRegion = z.infer<typeof inspectionRegion>;

/** The inspection region of a class. Classes without one are inspected as a whole. */
export const classRegion = z.object({
  textureClass: z.string(),
  region: inspectionRegion,
  author: z.string(),
  at: z.string(),
});
export type ClassRegion = z.infer<typeof classRegion>;

export const regions = {
  /** The inspection regions of a dataset's classes. */
  list: oc.input(z.object({ dataset: z.int() })).output(z.object({ regions: z.array(classRegion) })),
  /**
   * Sets or clears (null) the region of a class. An unlocked recipe that decides the class gets a revision with the region.
   * Fails with `CONFLICT` if the recipe is locked, and with `INVALID_ARGUMENT` if the region leaves nothing of an image.
   */
  set: oc
    .input(
      z.object({
        dataset: z.int(),
        textureClass: z.string(),
        region: inspectionRegion.nullable(),
        author: personName,
      }),
    )
    .output(z.void()),
  /** Proposes regions for an image: the extent of the fabric on a strip, the outline of a tile. May be empty. */
  propose: oc
    .input(z.object({ image: z.int() }))
    .output(z.object({ proposals: z.array(z.object({ title: z.string(), region: inspectionRegion })) })),
};
