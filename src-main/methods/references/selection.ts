/** Windows of the image itself; each is named by its position y * W + x. Those at the border see the features reflected. */
export type Windows =
  /** These; the score is the sum of the costs against each. */
  | { kind: 'positions'; positions: Uint32Array }
  /** All there are; the score is the sum of the costs. */
  | { kind: 'all' }
  /**
   * For each window those nearest to it, itself included, or all where there are fewer; of equally near ones those that come
   * first. The score is the mean of the costs.
   */
  | { kind: 'nearest'; count: number };

/** What the patches of an image are compared with (paper, 3.3). */
export type Selection =
  /** One set of samples: C ascending lists of T*T values. */
  | { kind: 'sorted'; lists: Float32Array }
  /** One description: the mean over all positions. */
  | { kind: 'global' }
  | Windows;

/** How much a selection is, told before it is made. */
export type SelectionSize =
  { kind: 'sorted' | 'global' | 'all' } | { kind: 'positions' | 'nearest'; count: number };

/** What sorted samples are compared with (FCA, SWW). Windows are near by the 1-D Wasserstein distance, summed over channels. */
export type SampleSelection = Extract<Selection, { kind: 'sorted' } | Windows>;

/** What descriptions by numbers are compared with (moments, histogram). Windows are near by the statistic's own cost. */
export type VectorSelection = Extract<Selection, { kind: 'global' } | Windows>;
