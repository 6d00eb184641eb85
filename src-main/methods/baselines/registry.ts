import { PerchError } from '../../common/api/errors.ts';
import type { Baseline } from './baseline.ts';
import { bellini } from './bellini.ts';
import { saliencyRc } from './saliency-rc.ts';

/** The whole-image methods. */
export const baselines: readonly Baseline[] = [saliencyRc, bellini];

/** @throws PerchError `UNKNOWN_NAME`, listing the known names */
export function baselineNamed(name: string): Baseline {
  const baseline = baselines.find((candidate) => candidate.name === name);
  if (baseline) return baseline;
  const known = baselines.map((candidate) => candidate.name).join(', ');
  throw new PerchError('UNKNOWN_NAME', `There is no baseline "${name}". Known: ${known}.`);
}
