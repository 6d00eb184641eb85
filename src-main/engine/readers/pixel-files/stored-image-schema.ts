import { z } from 'zod';
import { readingNote } from '../../../common/api/reading-notes.ts';
import type { StoredImage } from './stored-image.ts';

const count = z.int().min(1);
/** The description at the end of a pixel file. */
export const storedImage = z.object({
  width: count,
  height: count,
  depth: z.literal([8, 16]),
  bands: count,
  offset: z.int().min(0),
  colors: z.enum(['gray', 'rgb', 'cmyk']),
  hasAlpha: z.boolean(),
  isClear: z.boolean(),
  isFinished: z.boolean().optional(),
  orientation: z.int().min(1).max(8),
  used: z.object({ bits: z.int(), mean: z.number() }).optional(),
  grayProfile: z.string().optional(),
  notes: z.array(readingNote),
  resolution: z.object({ x: z.number(), y: z.number() }).optional(),
  roll: z
    .object({
      direction: z.enum(['down', 'right']),
      frames: z.array(
        z.object({ name: z.string(), sha256: z.string(), offset: z.int().min(0), length: count }),
      ),
    })
    .optional(),
});

/** Bytes of a pixel file before its description. */
export function storedBytes({ width, height, bands, depth, offset }: StoredImage): number {
  return offset + width * height * bands * (depth / 8);
}
