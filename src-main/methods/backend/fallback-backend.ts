import { SortingThresholdSweep } from '../../metrics/threshold-sweep.ts';
import { fca, fcaWithReferences } from '../fallback/fca.ts';
import { histogram } from '../fallback/histogram.ts';
import { imageScore, measureRegions } from '../fallback/image-score.ts';
import { meanReference } from '../fallback/mean-reference.ts';
import { medianReference } from '../fallback/median-reference.ts';
import { knnMeanDistances, moments } from '../fallback/moments.ts';
import { mutualDistances } from '../fallback/mutual-distances.ts';
import { nearestDistances } from '../fallback/nearest-distances.ts';
import { residualEnergy } from '../fallback/residual-energy.ts';
import { qfca } from '../fallback/qfca.ts';
import { sww, swwWithReferences } from '../fallback/sww.ts';
import type { ComputeBackend } from './compute-backend.ts';

/** The TypeScript definitions, with which the tests compare the compiled backends. */
export const fallbackBackend: ComputeBackend = {
  medianReference,
  meanReference,
  fca,
  fcaWithReferences,
  qfca,
  sww,
  swwWithReferences,
  moments,
  histogram,
  knnMeanDistances,
  nearestDistances,
  mutualDistances,
  residualEnergy,
  imageScore,
  measureRegions,
  createThresholdSweep: () => new SortingThresholdSweep(),
};
