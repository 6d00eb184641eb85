import { z } from 'zod';
import { unitSystems } from '../length-text.ts';
import type { Scale, ScaleChoice } from '../scale.ts';

/** Millimeters per pixel in one direction. */
const mmPerPixel = z.number().positive().max(1e6);

export const scale = z.strictObject({ across: mmPerPixel, along: mmPerPixel }) satisfies z.ZodType<Scale>;

/** A scale, as one number if both directions have the same. */
export const scaleChoice = z.union([mmPerPixel, scale]) satisfies z.ZodType<ScaleChoice>;

/** The origin of a scale: the resolution that the files declare, typed, or measured over a known length. */
export const scaleSource = z.enum(['file', 'typed', 'measured']);
export type ScaleSource = z.infer<typeof scaleSource>;

/** The unit system of lengths and areas in the page, in exports and in reports. */
export const unitSystem = z.enum(unitSystems);
