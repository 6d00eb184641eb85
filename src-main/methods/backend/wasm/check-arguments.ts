import { PerchError } from '../../../common/api/errors.ts';
import type { Patches } from '../../patchcore/patches.ts';
import type { FeatureMap } from '../../types.ts';

/** Parameters of statistics and their checks. The core checks the limits that depend on the features. */
const CHECKS: Record<string, (name: string, value: number) => void> = {
  patchSize: assertPatchSize,
  levels: (name, value) => assertInteger(name, value, 2, 128),
  bins: (name, value) => assertInteger(name, value, 2, 256),
  sigmaS: (name, value) => assertPositive(name, value, true),
};

/** Checks what the exports of the module cannot check: lengths of arrays, and numbers that they would round. */
export function assertFeatures({ values, channels, height, width }: FeatureMap): void {
  if (values.length !== channels * height * width || values.length === 0) {
    throw invalid(`features.values has ${values.length} elements, not ${channels} x ${height} x ${width}.`);
  }
}

export function assertRows(name: string, { values, count, length }: Patches): void {
  assertInteger(`${name}.length`, length, 1);
  if (values.length === count * length) return;
  throw invalid(`${name}.values has ${values.length} elements, not ${count} x ${length}.`);
}

export function assertPatchSize(name: string, size: number): void {
  if (size >= 3 && size <= 31 && size % 2 === 1) return;
  throw invalid(`${name} is ${size}; it must be an odd integer from 3 to 31.`);
}

/** Checks the parameters of a statistic; those without a check of their own are standard deviations. */
export function assertParameters(parameters: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(parameters)) {
    (CHECKS[name] ?? assertPositive)(`parameters.${name}`, value);
  }
}

export function assertInteger(name: string, value: number, minimum: number, maximum = 2 ** 31 - 1): void {
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return;
  const limits = maximum === 2 ** 31 - 1 ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
  throw invalid(`${name} is ${value}; it must be an integer ${limits}.`);
}

function assertPositive(name: string, value: number, zeroAllowed = false): void {
  if (Number.isFinite(value) && (value > 0 || (zeroAllowed && value === 0))) return;
  throw invalid(
    `${name} is ${value}; it must be a finite number above zero${zeroAllowed ? ' or zero' : ''}.`,
  );
}

/** Lists of tiles and patches are absent, or not empty. */
export function assertNotEmpty(name: string, values: Uint32Array | undefined): void {
  if (values?.length === 0) throw invalid(`${name} must not be empty.`);
}

const invalid = (message: string) => new PerchError('INVALID_ARGUMENT', message);
