import type { Patches } from '../patchcore/patches.ts';
import type { FeatureMap } from '../types.ts';

/** The features of each position as a row: H W rows of length C. */
export function rowsOf({ values, channels, height, width }: FeatureMap): Patches {
  const count = height * width;
  const rows = new Float32Array(count * channels);
  for (let c = 0; c < channels; c++) {
    for (let at = 0; at < count; at++) rows[at * channels + c] = values[c * count + at];
  }
  return { values: rows, count, length: channels };
}
