import type { ParameterDef } from '../../common/api/component-spec.ts';
import type { ComputeBackend } from '../backend/compute-backend.ts';
import type { Execution, FeatureMap } from '../types.ts';
import type { Selection, SelectionSize } from './selection.ts';

/** The source that a reference is selected from. */
export interface ReferenceSource {
  features: FeatureMap;
  patchSize: number;
  /** H x W, 1 at the positions inside the inspection region; absent if the whole image is inspected. */
  inside?: Uint8Array | undefined;
}

/** The paper's R (section 3.3): selects what the patches of an image are compared with. */
export interface Reference {
  name: string;
  /** One line for lists of choices. */
  title: string;
  /** Whole numbers that may follow the name, as in `random:10:7`. */
  parameters: readonly ParameterDef[];
  /** @param numbers one for each of `parameters` */
  size(numbers: readonly number[]): SelectionSize;
  /**
   * Selects from the features of the image itself.
   *
   * @param numbers one for each of `parameters`
   * @throws PerchError `INVALID_ARGUMENT` if the inspection region contains no whole patch
   */
  select(
    source: ReferenceSource,
    numbers: readonly number[],
    backend: ComputeBackend,
    execution: Execution,
  ): Promise<Selection>;
}
