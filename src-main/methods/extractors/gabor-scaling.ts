import type { RobustConstants } from './scaling.ts';

// The constants of `gabor` and `gabor67` (docs/method.md, sections 1b and 1c). `models/gabor.ts` writes them into the graphs.

export const GABOR_LEVELS = 4;
export const GABOR_ORIENTATIONS = 8;

const FLOORS = [...group(1e-4), ...group(1e-3), 1e-3, 5e-3, 5e-3];

/** `gabor67`: equal weights within a group. */
export const GABOR67_SCALING: RobustConstants = {
  floors: FLOORS,
  weights: [...group(0.15625), ...group(0.1171875), 1, 1, 1],
};

/** `gabor`: fine levels have larger weights. The last three channels are the local extremes. */
export const GABOR_SCALING: RobustConstants = {
  floors: [...FLOORS, 1e-3, 1e-3, 1e-4],
  weights: [
    ...perLevel([0.15, 0.15, 0.1, 0.05]),
    ...perLevel([0.25, 0.175, 0.1, 0.075]),
    0.8,
    1,
    1.2,
    0.6,
    0.4,
    0.8,
  ],
};

/** The same value for each channel of group S or O. */
function group(value: number): number[] {
  return perLevel(Array<number>(GABOR_LEVELS).fill(value));
}

/** A value for each level's channels of group S or O. */
function perLevel(values: readonly number[]): number[] {
  return values.flatMap((value) => Array<number>(GABOR_ORIENTATIONS).fill(value));
}
