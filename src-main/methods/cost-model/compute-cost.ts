import type { Isa } from '../types.ts';

/**
 * The cost model: what a method needs in time and memory, computed from C, H, W and the patch size T before anything runs.
 *
 * | file                | contents                                                                          |
 * | ------------------- | --------------------------------------------------------------------------------- |
 * | `compute-cost.ts`   | the unit of work, and seconds per unit on each code path                            |
 * | `patch-costs.ts`    | cost of the patch statistics, used by `statistics/*.ts`                             |
 * | `patchcore-costs.ts`| cost of PatchCore's coreset and nearest-neighbor search                             |
 * | `cost-model.ts`     | cost of a whole method per image: decoding, extraction, comparison, peak memory     |
 * | `check-costs.ts`    | script that compares the model with timings on this machine                         |
 *
 * The unit of work is one operation: a subtraction, absolute value and addition of two float32 values in the innermost loop of
 * a statistic. `OPS_PER_SECOND` fixes how many of them a thread performs per second. All other `OPS_PER_...` constants are
 * dimensionless counts of such operations. They were fitted by hand to timings of the native module on two cores of a server
 * processor with AVX-512 (feature maps of 16 to 512 channels and 64 to 256 positions a side, T of 5 to 25), until
 * `check-costs.ts` showed every statistic and reference within a factor of 3. `services/runs/calibration.ts` corrects the
 * model by what this machine measured before.
 */
export interface ComputeCost {
  /** Working memory at its peak, in bytes, without the features. */
  bytes: number;
  /** Work in operations, over all threads. */
  operations: number;
}

/** The code path of the computation, the TypeScript definition, or the CUDA kernels. */
export type CodePath = Isa | 'fallback' | 'cuda';

/** Operations per second and thread, near the middle of server processors from 2021 to 2024; of all threads together on a GPU. */
const OPS_PER_SECOND: Record<CodePath, number> = {
  avx512: 20e9,
  avx2: 16e9,
  // Not measured: half of the instructions of the portable path (docs/benchmarks.md).
  neon: 16e9,
  portable: 9e9,
  wasm: 9e9,
  fallback: 0.1e9,
  // Not measured: a third of the speed that native/README.md expects of an H200, with transfers.
  cuda: 300e9,
};

/** Paths whose speed does not depend on the number of threads. */
const SINGLE: ReadonlySet<CodePath> = new Set(['fallback', 'cuda']);

/** Modeled time in seconds; accurate to a factor of 3, except on a GPU. The TypeScript fallback uses one thread. */
export function secondsFor({ operations }: ComputeCost, path: CodePath, threads: number): number {
  return operations / (OPS_PER_SECOND[path] * (SINGLE.has(path) ? 1 : threads));
}
