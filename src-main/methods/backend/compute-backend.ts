import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import type { ThresholdSweep } from '../../metrics/threshold-sweep.ts';
import type { ImageScore, RegionSearch, RegionTotals } from '../fallback/image-score.ts';
import type { MutualDistances, MutualScales } from '../fallback/mutual-distances.ts';
import type { Patches } from '../patchcore/patches.ts';
import type { DescriptorSelection, PatchSelection } from '../references/selection.ts';
import type { Execution, FeatureMap } from '../types.ts';

/**
 * The heavy computations. `native-backend.ts` and `wasm/` run the C++ core, as a native module and as WebAssembly;
 * `fallback-backend.ts` has the TypeScript that defines them. `default-backend.ts` selects the fastest one that is available. All
 * give the same results: bit for bit for references and threshold sweeps, within 1e-5 of the range for maps.
 *
 * | function               | definition                         | C++ (`native/include/perch/`) |
 * | ---------------------- | ---------------------------------- | ----------------------------- |
 * | `medianReference`      | `../fallback/median-reference.ts`  | `median.hpp`                  |
 * | `meanReference`        | `../fallback/mean-reference.ts`    | `mean.hpp`                    |
 * | `fca`, `fcaWith...`    | `../fallback/fca.ts`               | `fca.hpp`                     |
 * | `qfca`                 | `../fallback/qfca.ts`              | `qfca.hpp`                    |
 * | `sww`, `swwWith...`    | `../fallback/sww.ts`               | `sww.hpp`                     |
 * | `moments`              | `../fallback/moments.ts`           | `moments.hpp`                 |
 * | `knnMeanDistances`     | `../fallback/moments.ts`           | `moments.hpp`                 |
 * | `histogram`            | `../fallback/histogram.ts`         | `histogram.hpp`               |
 * | `nearestDistances`     | `../fallback/nearest-distances.ts` | `nearest.hpp`                      |
 * | `mutualDistances`      | `../fallback/mutual-distances.ts`  | `mutual.hpp`                       |
 * | `residualEnergy`       | `../fallback/residual-energy.ts`   | `subspace.hpp`                      |
 * | `imageScore`           | `../fallback/image-score.ts`       | `regions.hpp`                 |
 * | `measureRegions`       | `../fallback/image-score.ts`       | `regions.hpp`                 |
 * | `createThresholdSweep` | `../../metrics/threshold-sweep.ts` | `threshold_sweep.hpp`         |
 *
 * `native/README.md` has the same table with the implementations and the binding.
 *
 * `imageScore` and `measureRegions` return at once, and throw. Every other function rejects with a `PerchError`: `INVALID_FEATURES` if a feature is not finite or too large, `INVALID_ARGUMENT` if a
 * shape or parameter is outside its limits; or with the reason of the aborted signal. Do not change or transfer an array that you
 * pass until the promise settles.
 */
export interface ComputeBackend {
  /**
   * Median reference (paper, eq. 7): C ascending lists of T*T values, C x T*T.
   *
   * @param tiles numbers of the tiles to use, row by row, ascending; all tiles if absent
   */
  medianReference(
    features: FeatureMap,
    patchSize: number,
    execution: Execution,
    tiles?: Uint32Array,
  ): Promise<Float32Array>;
  /** Average over tiles of their sorted values (paper, Table 7): C ascending lists of T*T values, C x T*T. */
  meanReference(
    features: FeatureMap,
    patchSize: number,
    execution: Execution,
    tiles?: Uint32Array,
  ): Promise<Float32Array>;
  /** Feature Correspondence Analysis (paper, eq. 5 and 6): H x W. Cost O(C H W T^2). */
  fca(
    features: FeatureMap,
    reference: Float32Array,
    parameters: { patchSize: number; sigmaP: number; sigmaS: number },
    execution: Execution,
  ): Promise<Float32Array>;
  /** FCA with values quantized to levels: H x W. Cost O(C H W levels). */
  qfca(
    features: FeatureMap,
    reference: Float32Array,
    parameters: { patchSize: number; sigmaP: number; sigmaS: number; levels: number },
    execution: Execution,
  ): Promise<Float32Array>;
  /** Sample-weighted Wasserstein distance (paper, eq. 4): H x W. Cost O(C H W T^2). */
  sww(
    features: FeatureMap,
    reference: Float32Array,
    parameters: { patchSize: number; sigma: number },
    execution: Execution,
  ): Promise<Float32Array>;
  /** FCA with patches of the image as references; for the cost see `native/include/perch/fca.hpp`. */
  fcaWithReferences(
    features: FeatureMap,
    references: PatchSelection,
    parameters: { patchSize: number; sigmaP: number; sigmaS: number },
    execution: Execution,
  ): Promise<Float32Array>;
  /** SWW with patches of the image as references. */
  swwWithReferences(
    features: FeatureMap,
    references: PatchSelection,
    parameters: { patchSize: number; sigma: number },
    execution: Execution,
  ): Promise<Float32Array>;
  /** Mean over the first four moments of each channel of the squared difference (paper, eq. 2): H x W. */
  moments(
    features: FeatureMap,
    reference: DescriptorSelection,
    parameters: { patchSize: number; sigma: number },
    execution: Execution,
  ): Promise<Float32Array>;
  /** Mean over channels of the earth mover's distance of histograms, as a fraction of the bins (paper, eq. 3): H x W. */
  histogram(
    features: FeatureMap,
    reference: DescriptorSelection,
    parameters: { patchSize: number; sigma: number; bins: number },
    execution: Execution,
  ): Promise<Float32Array>;
  /** Mean squared L2 distance from a patch's mean to the nearest ones, summed over channels (Aota et al.): H x W. */
  knnMeanDistances(
    features: FeatureMap,
    nearest: Extract<PatchSelection, { kind: 'nearest' }>,
    parameters: { patchSize: number; sigma: number },
    execution: Execution,
  ): Promise<Float32Array>;
  /** The Euclidean distance of each row to the nearest row of a memory. Cost O(count length) per row of the memory. */
  nearestDistances(rows: Patches, memory: Patches, execution: Execution): Promise<Float32Array>;
  /**
   * Mutual scoring, the comparison of pairs: the Euclidean distance of each patch to the nearest one of another image, in both
   * directions. Cost O(C) per pair of patches and layer.
   */
  mutualDistances(
    image: FeatureMap,
    others: readonly FeatureMap[],
    scales: MutualScales,
    execution: Execution,
  ): Promise<MutualDistances[]>;
  /** The squared length of features, minus a mean, along orthonormal directions: H x W. Cost O(C H W) per direction. */
  residualEnergy(
    features: FeatureMap,
    mean: Float64Array,
    directions: Patches,
    execution: Execution,
  ): Promise<Float32Array>;
  /**
   * The image score by attribute opening: the highest threshold at which a region inside the mask reaches the limits; null if no
   * region can. Cost O(H W) to find the highest scores, O(n log n) for the n positions at or above the image score.
   */
  imageScore(map: AnomalyMap, search: RegionSearch): ImageScore | null;
  /** Number and total area of the regions at or above a threshold, inside the mask, that reach the limits. Cost O(H W). */
  measureRegions(map: AnomalyMap, threshold: number, search: RegionSearch): RegionTotals;
  /** An empty threshold sweep over the pixels of a class. */
  createThresholdSweep(): ThresholdSweep;
}
