import { parseName } from '../../common/api/component-spec.ts';
import { PerchError } from '../../common/api/errors.ts';
import type { Method } from '../../common/api/schemas.ts';
import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import type { ComputeBackend } from '../backend/compute-backend.ts';
import { statisticNamed } from '../registry.ts';
import type { Statistic } from '../statistics/statistic.ts';
import type { Execution, FeatureMap } from '../types.ts';
import { appendTiles } from './append-tiles.ts';
import type { TileLimits } from './tile-collector.ts';

/** The references that summarize tiles, so that these may come from normal images. */
const FROM_NORMAL = ['median', 'mean', 'global'];

/** The references from normal images that a statistic accepts. */
export const normalReferencesOf = ({ references }: Pick<Statistic, 'references'>): string[] =>
  references.filter((name) => FROM_NORMAL.includes(name));

/**
 * @throws PerchError `INVALID_ARGUMENT` if the reference of a method that uses normal images consists of patches of the image itself
 */
export function assertNormalReference({ statistic, reference }: Method): void {
  const accepted = normalReferencesOf(statisticNamed(statistic));
  if (accepted.includes(parseName(reference))) return;
  const instead =
    accepted.length > 0
      ? `The statistic "${statistic}" can take ${accepted.map((name) => `"${name}"`).join(' or ')} from normal images.`
      : `The statistic "${statistic}" always compares with patches of the image itself. Use "nearest", which compares with patches of ` +
        'normal images.';
  throw new PerchError(
    'INVALID_ARGUMENT',
    `The reference "${reference}" consists of patches of the inspected image, so it cannot come from normal images. ${instead}`,
  );
}

/**
 * The tiles that are kept for a reference: 128 MiB of values. Those that `global` averages are added to each inspected image, so they
 * are fewer.
 */
export const tileLimits = (reference: string): TileLimits => ({
  values: 2 ** 25,
  positions: parseName(reference) === 'global' ? 2 ** 16 : Infinity,
});

/**
 * Compares an image with the mean descriptor of tiles (`moments`, `histogram`). Its features are clipped to the range of the tiles, which
 * is the range of the bins of `histogram`.
 *
 * @param tiles C x T x (T n), side by side
 */
export async function compareWithMeanOfTiles(
  { image, tiles }: { image: FeatureMap; tiles: FeatureMap },
  statistic: Statistic,
  parameters: Record<string, number> & { patchSize: number },
  backend: ComputeBackend,
  execution: Execution,
): Promise<AnomalyMap> {
  const compared = statistic.name === 'histogram' ? clipToRange(image, tiles) : image;
  const { features, centers, crop } = appendTiles(compared, tiles);
  const selection = { kind: 'global', among: centers } as const;
  return crop(await statistic.compute(features, selection, parameters, backend, execution));
}

/** Clips each channel to its range in other features. */
function clipToRange(image: FeatureMap, range: FeatureMap): FeatureMap {
  const values = new Float32Array(image.values.length);
  const [plane, other] = [image.height * image.width, range.height * range.width];
  for (let c = 0; c < image.channels; c++) {
    const ranged = range.values.subarray(c * other, (c + 1) * other);
    const low = ranged.reduce((a, b) => Math.min(a, b));
    const high = ranged.reduce((a, b) => Math.max(a, b));
    for (let at = c * plane; at < (c + 1) * plane; at++)
      values[at] = Math.min(high, Math.max(low, image.values[at]));
  }
  return { ...image, values };
}
