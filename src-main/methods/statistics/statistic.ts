import { z } from 'zod';
import { PerchError } from '../../common/api/errors.ts';
import type { ParameterOption } from '../../common/api/schemas.ts';
import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import type { ComputeBackend } from '../backend/compute-backend.ts';
import type { ComputeCost } from '../cost-model/compute-cost.ts';
import type { Selection, SelectionSize } from '../references/selection.ts';
import type { Execution, FeatureMap, Shape } from '../types.ts';

/**
 * The paper's S (section 3.2): compares the patch at each position with a reference.
 *
 * A statistic is one file in this folder and one line in `registry.ts`. `compute` may be TypeScript in that
 * file. If the statistic has a fast path in C++, `compute` calls the compute backend's function of the same
 * name, and the statistic's docstring names its definition, C++ source and binding.
 */
export interface Statistic<Parameters = unknown, Taken extends Selection = Selection> {
  name: string;
  /** One line for lists of choices. */
  title: string;
  /** Names of the references whose selections it accepts (`Taken`); the first is the default. */
  references: readonly [string, ...string[]];
  /** Parameters with defaults and limits; always includes `patchSize`. */
  parameters: z.ZodType<Parameters & { patchSize: number }>;
  /** Post-processing at image size: the map is resized to the image, then blurred with `side` x `side` Gaussian weights. */
  postprocess?: { side: number; sigma: number };
  /**
   * How many positions around a block the scores of its positions depend on, with a sorted reference; absent if they depend on the
   * whole map.
   */
  margin?(parameters: Parameters & { patchSize: number }): number;
  /** Cost of `compute`, which usually comes from `cost-model/patch-costs.ts`. */
  cost(
    features: Shape,
    selection: SelectionSize,
    parameters: Parameters & { patchSize: number },
  ): ComputeCost;
  /** @returns one score per feature position, H x W */
  compute(
    features: FeatureMap,
    selection: Taken,
    parameters: Parameters & { patchSize: number },
    backend: ComputeBackend,
    execution: Execution,
  ): Promise<AnomalyMap>;
}

/** A component with a schema of its parameters. */
interface Parameterized<Parameters> {
  name: string;
  parameters: z.ZodType<Parameters>;
}

/** The parameters of a statistic with their limits, without the patch size. */
export function parametersOf({ parameters }: Pick<Parameterized<unknown>, 'parameters'>): ParameterOption[] {
  const { properties = {} } = z.toJSONSchema(parameters, { io: 'input' });
  return Object.entries(properties as Record<string, z.core.JSONSchema.Schema>)
    .filter(([name]) => name !== 'patchSize')
    .map(([name, schema]) => ({
      name,
      description: schema.description ?? '',
      default: Number(schema.default),
      minimum: Number(schema.exclusiveMinimum ?? schema.minimum),
      maximum: Number(schema.maximum),
      exclusiveMinimum: schema.exclusiveMinimum !== undefined,
      integer: schema.type === 'integer',
    }));
}

/**
 * Parses the parameters of a statistic and fills in its defaults.
 *
 * @throws PerchError `INVALID_ARGUMENT` if a parameter is unknown or outside its limits
 */
export function parametersFor<Parameters>(
  { name, parameters }: Parameterized<Parameters>,
  input: Record<string, number>,
): Parameters & Record<string, number> {
  const parsed = parameters.safeParse(input);
  if (parsed.success) return parsed.data as Parameters & Record<string, number>;
  const reasons = parsed.error.issues.map(({ path, message }) => [...path, message].join(': '));
  throw new PerchError('INVALID_ARGUMENT', `The statistic "${name}" rejects ${reasons.join('; ')}.`);
}
