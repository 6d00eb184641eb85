import { SortingThresholdSweep } from '../../metrics/threshold-sweep.ts';
import { fca, fcaWithReferences } from '../plain/fca.ts';
import { histogram } from '../plain/histogram.ts';
import { meanReference } from '../plain/mean.ts';
import { medianReference } from '../plain/median.ts';
import { knnMeanDistances, moments } from '../plain/moments.ts';
import { sww, swwWithReferences } from '../plain/sww.ts';
import type { ComputeBackend } from './compute-backend.ts';

/** The TypeScript definitions. They run if the native module was not built, and the tests compare the native module with them. */
export const fallbackBackend: ComputeBackend = {
  medianReference,
  meanReference,
  fca,
  fcaWithReferences,
  sww,
  swwWithReferences,
  moments,
  histogram,
  knnMeanDistances,
  createThresholdSweep: () => new SortingThresholdSweep(),
};
