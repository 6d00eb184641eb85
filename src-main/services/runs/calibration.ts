import { isDeepStrictEqual } from 'node:util';
import { parseName } from '../../common/api/component-spec.ts';
import type { Size } from '../../common/geometry.ts';
import type { AnyMethod, Stage } from '../../common/api/schemas.ts';
import {
  type HardwareProfile,
  type CostEstimate,
  createCostModel,
  runsOnCuda,
} from '../../methods/cost-model/cost-model.ts';
import type { Timing } from '../../store/results.ts';
import type { Store } from '../../store/store.ts';
import { isStatisticOnCuda } from '../inspections/device-label.ts';

export type CostPart = 'decode' | 'extract' | 'compare';

const STAGES: Record<CostPart, readonly Stage[]> = {
  decode: ['decode'],
  extract: ['extract'],
  compare: ['reference', 'statistic'],
};

/**
 * Ratio of measured to modeled time for each component of a method on this machine. Components that never ran
 * here are omitted.
 */
export type SpeedFactors = Partial<Record<CostPart, number>>;

/** A method with its results' timings. */
export interface TimedMethod {
  definition: AnyMethod;
  timings: readonly Timing[];
}

/** All methods with timings on this machine. */
export function listTimedMethods(store: Store): TimedMethod[] {
  return store.methods
    .list()
    .flatMap(({ id, definition }) =>
      definition === null ? [] : [{ definition, timings: store.results.timings(id) }],
    )
    .filter(({ timings }) => timings.length > 0);
}

/**
 * The speed factors of a method, from earlier results of the method itself or, if there are none, of similar methods. Factors
 * measured at one size apply to other sizes, and those of a GPU do not apply to the CPU.
 */
export function speedFactors(
  all: readonly TimedMethod[],
  definition: AnyMethod,
  hardware: HardwareProfile,
): SpeedFactors {
  const factors: SpeedFactors = {};
  for (const part of Object.keys(STAGES) as CostPart[]) {
    const done = all.filter(({ definition: other }) => isAlike(part, definition, other));
    const same = done.filter(({ definition: other }) => isSame(definition, other));
    const factor = speedFactor(part, same.length > 0 ? same : done, hardware);
    if (factor !== undefined) factors[part] = factor;
  }
  return factors;
}

/** Whether two methods share a component. */
function isAlike(part: CostPart, one: AnyMethod, other: AnyMethod): boolean {
  if (part === 'decode') return true;
  if (!('extractor' in one && 'extractor' in other)) return isSame(one, other);
  if (part === 'extract') return parseName(one.extractor) === parseName(other.extractor);
  // Results do not record how many other images were compared.
  if (!('statistic' in one && 'statistic' in other)) return false;
  return one.statistic === other.statistic && parseName(one.reference) === parseName(other.reference);
}

/** Whether two methods differ only in image size. */
function isSame(one: AnyMethod, other: AnyMethod): boolean {
  const { resize: _, ...first } = one;
  const { resize: __, ...second } = other;
  return isDeepStrictEqual(first, second);
}

function speedFactor(
  part: CostPart,
  measured: readonly TimedMethod[],
  hardware: HardwareProfile,
): number | undefined {
  let [took, modeled] = [0, 0];
  for (const { definition, timings } of measured) {
    const costModel = costModelIfUsable(definition, hardware);
    if (!costModel) continue;
    const isOnCuda = runsOnCuda(definition, hardware);
    for (const { seconds, device, ...size } of timings) {
      if (part === 'compare' && isStatisticOnCuda(device) !== isOnCuda) continue;
      const spent = STAGES[part].map((stage) => seconds[stage]).filter((value) => value !== undefined);
      if (spent.length === 0) continue;
      took += spent.reduce((sum, value) => sum + value, 0);
      modeled += costModel(size)[part];
    }
  }
  return modeled > 0 ? took / modeled : undefined;
}

/** Undefined if the method's backbone was removed. */
function costModelIfUsable(
  definition: AnyMethod,
  hardware: HardwareProfile,
): ((file: Size) => CostEstimate) | undefined {
  try {
    return createCostModel(definition, hardware);
  } catch {
    return undefined;
  }
}
