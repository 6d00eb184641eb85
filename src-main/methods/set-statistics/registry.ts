import { z } from 'zod';
import { PerchError } from '../../common/api/errors.ts';
import type { OtherImages } from '../../common/api/other-images.ts';
import { MAX_NEIGHBORHOOD } from '../fallback/mutual-distances.ts';
import { parametersFor } from '../statistics/statistic.ts';

/** A comparison of an image's features with those of other images (docs/method.md, section 6). */
export interface Comparison {
  name: string;
  /** One line for lists of choices. */
  title: string;
  /** Which other images. */
  otherImages: Exclude<OtherImages, 'none'>;
  /** Parameters with defaults and limits. */
  parameters: z.ZodType<Record<string, number>>;
}

export const comparisons = [
  {
    name: 'nearest',
    title: 'Nearest: cosine distance to the nearest patch of normal images (AnomalyDINO)',
    otherImages: 'normal',
    parameters: z.strictObject({
      rotations: z
        .int()
        .min(1)
        .max(8)
        .refine((count) => count === 1 || count === 8, 'must be 1 or 8')
        .default(1)
        .describe('Rotations of each normal image in the memory: 1 or 8'),
    }),
  },
  {
    name: 'subspace',
    title: 'Subspace: what principal components of normal images do not explain (SubspaceAD)',
    otherImages: 'normal',
    parameters: z.strictObject({
      variance: z
        .number()
        .positive()
        .max(1)
        .default(0.99)
        .describe('Fraction of the variance that the principal components explain'),
    }),
  },
  {
    name: 'mutual',
    title: 'Mutual: distance to the most similar images of the same set (MuSc)',
    otherImages: 'set',
    parameters: z.strictObject({
      neighborhoods: z
        .int()
        .min(1)
        .max(MAX_NEIGHBORHOOD)
        .refine((side) => side % 2 === 1, 'must be odd')
        .default(1)
        .describe(
          'Largest side of the neighborhoods whose features are averaged; 5 also averages over 1 and 3',
        ),
      fraction: z
        .number()
        .positive()
        .max(1)
        .default(0.3)
        .describe('Fraction of the other images, the most similar ones, whose distances count'),
    }),
  },
] as const satisfies readonly Comparison[];

type ComparisonName = (typeof comparisons)[number]['name'];

/** The parameters of a comparison, with defaults. */
export type ComparisonParameters<Name extends ComparisonName> = z.infer<
  Extract<(typeof comparisons)[number], { name: Name }>['parameters']
>;

export const isComparison = (name: string): name is ComparisonName =>
  comparisons.some((candidate) => candidate.name === name);

/** @throws PerchError `UNKNOWN_NAME`, listing the known names */
export function comparisonNamed(name: string): Comparison {
  const found = comparisons.find((candidate) => candidate.name === name);
  if (found) return found;
  const known = comparisons.map((candidate) => candidate.name).join(', ');
  throw new PerchError('UNKNOWN_NAME', `There is no comparison "${name}". Known: ${known}.`);
}

/**
 * Parses the parameters of a comparison and fills in its defaults.
 *
 * @throws PerchError `INVALID_ARGUMENT` if a parameter is unknown or outside its limits
 */
export function comparisonParameters<Name extends ComparisonName>(
  name: Name,
  given: Record<string, number> = {},
): ComparisonParameters<Name> {
  return parametersFor(comparisonNamed(name), given) as ComparisonParameters<Name>;
}
