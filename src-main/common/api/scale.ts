import { oc } from '@orpc/contract';
import { z } from 'zod';
import { unitSystems } from '../length-text.ts';
import type { Scale, ScaleChoice } from '../scale.ts';
import { personName } from './text.ts';

/** Millimeters per pixel in one direction. */
const mmPerPixel = z.number().positive().max(1e6);

export const scale = z.strictObject({ across: mmPerPixel, along: mmPerPixel }) satisfies z.ZodType<Scale>;

/** A scale, as one number if both directions have the same. */
export const scaleChoice = z.union([mmPerPixel, scale]) satisfies z.ZodType<ScaleChoice>;

/** The origin of a scale: the resolution that the files declare, typed, or measured over a known length. */
export const scaleSource = z.enum(['file', 'typed', 'measured']);
export type ScaleSource = z.infer<typeof scaleSource>;

/** The unit system of lengths and areas on screens and in texts. JSON is always in millimeters. */
export const unitSystem = z.enum(unitSystems);

/** The scale of a class. */
export const classScale = z.object({
  textureClass: z.string(),
  scale,
  source: scaleSource,
  /** Empty for a scale from files. */
  author: z.string(),
  at: z.string(),
});
export type ClassScale = z.infer<typeof classScale>;

/** A scale that files of a class declare, and that the class does not have. */
export const scaleProposal = z.object({
  textureClass: z.string(),
  scale,
  /** Number of images that declare it. */
  images: z.int(),
  /** Why it may be wrong, as a sentence; absent if nothing is known against it. */
  doubt: z.string().optional(),
});
export type ScaleProposal = z.infer<typeof scaleProposal>;

export const scales = {
  /** The scales of a dataset's classes, and what their files propose. */
  list: oc
    .input(z.object({ dataset: z.int() }))
    .output(z.object({ scales: z.array(classScale), proposals: z.array(scaleProposal) })),
  /**
   * Sets or clears (null) the scale of a class. An unlocked recipe that decides the class gets a revision with the scale, and so do
   * the other classes that it decides. Fails with `CONFLICT` if a locked recipe has another scale, and with `INVALID_ARGUMENT` if a
   * recipe with limits in millimeters would lose its scale.
   */
  set: oc
    .input(
      z.object({
        dataset: z.int(),
        textureClass: z.string(),
        scale: scale.nullable(),
        source: scaleSource.default('typed'),
        author: personName,
      }),
    )
    .output(z.void()),
};
