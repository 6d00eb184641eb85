import { PerchError } from '../../common/api/errors.ts';
import type { FeatureMap } from '../types.ts';

/** @throws PerchError `INVALID_FEATURES` where a value is NaN or infinite, naming the channel and position */
export function refuseNonFinite({ values, height, width }: FeatureMap): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const channel = Math.floor(at / (height * width));
  const row = Math.floor(at / width) % height;
  throw new PerchError(
    'INVALID_FEATURES',
    `The features are not finite: ${values[at]} in channel ${channel}, row ${row}, column ${at % width}.`,
  );
}
