// What the patches of an image are compared with (paper, section 3.3). A patch of the image is identified by the index
// y * W + x of its center. Patches at the border see the features reflected.

/** The patches at these indices. The score is the sum of the costs against each. */
export interface PatchIndices {
  kind: 'indices';
  indices: Uint32Array;
}

/** Every patch of the image, or of its inspection region. The score is the sum of the costs. */
export interface AllPatches {
  kind: 'all';
  /** Indices of the patches that count, ascending, at least one; all patches if absent. */
  among?: Uint32Array;
}

/**
 * For each patch, the `k` patches nearest to it, including itself, or all if there are fewer; ties go to lower indices. The
 * score is the mean of the costs.
 */
export interface NearestPatches {
  kind: 'nearest';
  k: number;
  /** Indices of the searched patches, ascending, at least one; all patches if absent. */
  among?: Uint32Array;
}

/** Patches of the image itself as references. */
export type PatchSelection = PatchIndices | AllPatches | NearestPatches;

/** A single set of samples per channel: C ascending lists of T*T values. */
export interface SortedReference {
  kind: 'sorted';
  lists: Float32Array;
}

/** A single descriptor: the mean over all positions, or over those of the inspection region. */
export interface GlobalMean {
  kind: 'global';
  /** Indices of the positions that count, ascending, at least one; all positions if absent. */
  among?: Uint32Array;
}

export type Selection = SortedReference | GlobalMean | PatchSelection;

/** References for statistics on sorted samples (FCA, SWW). The 1-D Wasserstein distance, summed over channels, ranks patches. */
export type SortedSampleSelection = SortedReference | PatchSelection;

/** References for statistics on descriptors (moments, histogram). The cost of the statistic ranks patches. */
export type DescriptorSelection = GlobalMean | PatchSelection;

/** The size of a selection, known before the selection is computed. */
export type SelectionSize =
  { kind: 'sorted' | 'global' | 'all' } | { kind: 'indices' | 'nearest'; count: number };
