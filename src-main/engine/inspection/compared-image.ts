import { PerchError } from '../../common/api/errors.ts';
import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import type { ComputeBackend } from '../../methods/backend/compute-backend.ts';
import { type MutualScales, scaleCount } from '../../methods/fallback/mutual-distances.ts';
import { insideNeighborhoods } from '../../methods/set-statistics/inside-neighborhoods.ts';
import type { Execution, FeatureMap } from '../../methods/types.ts';

/** An image as it is compared: its features, or those inside the inspection region, one map per side of the neighborhoods. */
export interface ComparedImage {
  /** Features, and the sides of the neighborhoods that they are still to be averaged over. */
  views: { features: FeatureMap; sides: readonly number[] }[];
  /** Number of compared positions. */
  positions: number;
}

/** @throws PerchError `INVALID_ARGUMENT` if no position is inside */
export function comparedImage(
  features: FeatureMap,
  inside: Uint8Array | undefined,
  { sides }: MutualScales,
  path: string,
): ComparedImage {
  if (!inside) return { views: [{ features, sides }], positions: features.height * features.width };
  if (!inside.includes(1)) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      `The inspection region contains no position of the ${features.width} x ${features.height} features of ${path}. Make the region larger.`,
    );
  }
  const views = sides.map((side) => ({ features: insideNeighborhoods(features, inside, side), sides: [1] }));
  return { views, positions: views[0].features.width };
}

/** Distances in both directions between an image and each of the others, scales x positions. */
export async function comparePairs(
  image: ComparedImage,
  others: readonly ComparedImage[],
  scales: MutualScales,
  backend: ComputeBackend,
  execution: Execution,
): Promise<{ toOther: Float32Array; fromOther: Float32Array }[]> {
  const { layers } = scales;
  const found = others.map((other) => ({
    toOther: new Float32Array(scaleCount(scales) * image.positions),
    fromOther: new Float32Array(scaleCount(scales) * other.positions),
  }));
  let scale = 0;
  for (const [at, { features, sides }] of image.views.entries()) {
    const part = await backend.mutualDistances(
      features,
      others.map(({ views }) => views[at].features),
      { sides, layers },
      execution,
    );
    for (const [i, { toOther, fromOther }] of part.entries()) {
      found[i].toOther.set(toOther, scale * image.positions);
      found[i].fromOther.set(fromOther, scale * others[i].positions);
    }
    scale += sides.length * layers;
  }
  return found;
}

/** Places scores of the positions inside on the whole map. The others, which no one reads, get the lowest score. */
export function spreadScores(
  scores: AnomalyMap,
  inside: Uint8Array | undefined,
  { height, width }: Pick<FeatureMap, 'height' | 'width'>,
): AnomalyMap {
  if (!inside) return { values: scores.values, height, width };
  const lowest = scores.values.reduce((least, value) => Math.min(least, value), Infinity);
  let next = 0;
  const values = Float32Array.from(inside, (is) => (is === 1 ? scores.values[next++] : lowest));
  return { values, height, width };
}
