import type { Core } from '../core.ts';
import type { Execution, FeatureMap } from '../types.ts';

/** The paper's R (section 3.3): what the patches of an image are compared with. */
export interface Reference {
  name: string;
  /** One line for choosers. */
  title: string;
  /** Selects from the features of the image itself: C ascending lists of T*T values, C x T*T row-major. */
  select(features: FeatureMap, patch: number, core: Core, execution: Execution): Promise<Float32Array>;
}
