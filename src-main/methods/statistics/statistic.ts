import type { z } from 'zod';
import type { Core } from '../core.ts';
import type { AnomalyMap, Execution, FeatureMap } from '../types.ts';

/** The paper's S (section 3.2): compares the patches around each position with a reference. */
export interface Statistic<Parameters = unknown> {
  name: string;
  /** One line for choosers. */
  title: string;
  /** Names of the references it takes; the first is used where none is chosen. */
  references: readonly [string, ...string[]];
  /** Its parameters with their defaults and limits; `patch` is always among them. */
  parameters: z.ZodType<Parameters & { patch: number }>;
  /** @returns one score a feature position, H x W */
  compute(
    features: FeatureMap,
    reference: Float32Array,
    parameters: Parameters & { patch: number },
    core: Core,
    execution: Execution,
  ): Promise<AnomalyMap>;
}
