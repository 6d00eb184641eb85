import type { MutualDistances } from '../fallback/mutual-distances.ts';
import type { FeatureMap } from '../types.ts';

/** The distances as the core returns them: for each other image, those of the image's patches to it, then those back. */
export function splitDistances(
  values: Float32Array,
  image: FeatureMap,
  others: readonly FeatureMap[],
  scales: number,
): MutualDistances[] {
  let end = 0;
  const take = ({ height, width }: FeatureMap) => values.subarray(end, (end += scales * height * width));
  return others.map((other) => ({ toOther: take(image), fromOther: take(other) }));
}
