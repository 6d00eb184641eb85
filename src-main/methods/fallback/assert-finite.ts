import { PerchError } from '../../common/api/errors.ts';
import type { FeatureMap } from '../types.ts';

/** @throws PerchError `INVALID_FEATURES` if a value is NaN or infinite; the message names its channel and position */
export function assertFinite({ values, height, width }: FeatureMap): void {
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index < 0) return;
  const channel = Math.floor(index / (height * width));
  const row = Math.floor(index / width) % height;
  throw new PerchError(
    'INVALID_FEATURES',
    `The features are not finite: ${values[index]} in channel ${channel}, row ${row}, column ${index % width}.`,
  );
}
