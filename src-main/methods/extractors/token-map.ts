import { z } from 'zod';
import type { FeatureMap } from '../types.ts';

const side = z.int().min(1).max(65536);

/** How the output of a transformer, 1 x N x C, becomes a feature map. */
export const tokenLayout = z.object({
  /** Tokens before those of the patches: class token and registers. */
  leading: z.int().min(0).max(4096),
  /** Rows and columns of patches; where images have any size, they follow from it and the patch size. */
  grid: z.object({ height: side, width: side }).optional(),
});
export type TokenLayout = z.infer<typeof tokenLayout>;

/** The tokens of the patches, row by row, as a map C x height x width; undefined if their number is another. */
export function tokenMap(
  { values, dimensions }: { values: Float32Array; dimensions: readonly number[] },
  leading: number,
  { height, width }: { height: number; width: number },
): FeatureMap | undefined {
  const [batch, tokens, channels] = dimensions;
  const count = height * width;
  if (dimensions.length !== 3 || batch !== 1 || channels < 1 || tokens !== leading + count) return undefined;
  const planes = new Float32Array(channels * count);
  for (let i = 0; i < count; i++) {
    const start = (leading + i) * channels;
    for (let c = 0; c < channels; c++) planes[c * count + i] = values[start + c];
  }
  return { values: planes, channels, height, width };
}
