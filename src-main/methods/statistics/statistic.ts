import { z } from 'zod';
import { PerchError } from '../../common/api/errors.ts';
import type { ParameterOption } from '../../common/api/schemas.ts';
import type { ComputeBackend } from '../backend/compute-backend.ts';
import type { Estimate } from '../cost-model/patch-costs.ts';
import type { Selection, SelectionSize } from '../references/selection.ts';
import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import type { Execution, FeatureMap, Shape } from '../types.ts';

/** The paper's S (section 3.2): compares the patches around each position with a reference. */
export interface Statistic<Parameters = unknown, Taken extends Selection = Selection> {
  name: string;
  /** One line for choosers. */
  title: string;
  /** Names of the references it takes, whose selections are `Taken`; the first is used where none is chosen. */
  references: readonly [string, ...string[]];
  /** Its parameters with their defaults and limits; `patchSize` is always among them. */
  parameters: z.ZodType<Parameters & { patchSize: number }>;
  /** Where the method goes on at the size of the image: the map is resized to it and blurred with `side` x `side` weights. */
  finish?: { side: number; sigma: number };
  /** What computing needs beside the features, the selection included. */
  estimate(
    features: Shape,
    selection: SelectionSize,
    parameters: Parameters & { patchSize: number },
  ): Estimate;
  /** @returns one score a feature position, H x W */
  compute(
    features: FeatureMap,
    selection: Taken,
    parameters: Parameters & { patchSize: number },
    backend: ComputeBackend,
    execution: Execution,
  ): Promise<AnomalyMap>;
}

/** The parameters that a statistic takes beside the patch, with their limits. */
export function parametersOf(statistic: Statistic): ParameterOption[] {
  const { properties = {} } = z.toJSONSchema(statistic.parameters, { io: 'input' });
  return Object.entries(properties as Record<string, z.core.JSONSchema.Schema>)
    .filter(([name]) => name !== 'patchSize')
    .map(([name, schema]) => ({
      name,
      description: schema.description ?? '',
      standard: Number(schema.default),
      minimum: Number(schema.exclusiveMinimum ?? schema.minimum),
      maximum: Number(schema.maximum),
      above: schema.exclusiveMinimum !== undefined,
      whole: schema.type === 'integer',
    }));
}

/**
 * The statistic's parameters, with its defaults for those that are not given.
 *
 * @throws PerchError `INVALID_ARGUMENT` where one is not the statistic's own or outside its limits
 */
export function parametersFor(
  statistic: Statistic,
  given: Record<string, number>,
): Record<string, number> & { patchSize: number } {
  const parsed = statistic.parameters.safeParse(given);
  if (parsed.success) return parsed.data as Record<string, number> & { patchSize: number };
  const reasons = parsed.error.issues.map(({ path, message }) => [...path, message].join(': '));
  throw new PerchError(
    'INVALID_ARGUMENT',
    `The statistic "${statistic.name}" refuses ${reasons.join('; ')}.`,
  );
}
