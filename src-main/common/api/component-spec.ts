import { PerchError } from './errors.ts';

/** A whole number that may follow the name of a component, as in `random:10:7`. */
export interface ParameterDef {
  name: string;
  /** Used if the number is omitted. */
  default: number;
  minimum: number;
  maximum: number;
}

/** A component (extractor or reference) whose name may be followed by whole numbers. */
interface ComponentDef {
  name: string;
  parameters: readonly ParameterDef[];
}

/** The name in a specifier: `random` for `random:10:7`. */
export const parseName = (spec: string): string => spec.split(':', 1)[0];

/** The usage of a specifier: `random[:COUNT[:SEED]]`. */
export function formatUsage({ name, parameters }: ComponentDef): string {
  const open = parameters.map((parameter) => `[:${parameter.name.toUpperCase()}`).join('');
  return `${name}${open}${']'.repeat(parameters.length)}`;
}

/**
 * The numbers in a specifier, with defaults for omitted ones.
 *
 * @throws PerchError `INVALID_ARGUMENT` if there are too many numbers, or one is not a whole number within its limits
 */
export function parseSpec(spec: string, component: ComponentDef): number[] {
  const values = spec.split(':').slice(1);
  const { parameters } = component;
  if (values.length > parameters.length) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      `"${spec}" has too many parts. Write it as ${formatUsage(component)}.`,
    );
  }
  return parameters.map(({ name, default: defaultValue, minimum, maximum }, index) => {
    if (index >= values.length) return defaultValue;
    const number = Number(values[index]);
    if (/^\d+$/.test(values[index]) && number >= minimum && number <= maximum) return number;
    throw new PerchError(
      'INVALID_ARGUMENT',
      `In "${spec}", ${name.toUpperCase()} must be a whole number from ${minimum} to ${maximum}. ` +
        `Write it as ${formatUsage(component)}.`,
    );
  });
}

/** A specifier, as in `random:10:7`. Trailing defaults are omitted, except the first number. */
export function formatSpec({ name, parameters }: ComponentDef, numbers: readonly number[]): string {
  const last = parameters.findLastIndex((parameter, index) => numbers[index] !== parameter.default);
  const written = parameters.length === 0 ? [] : numbers.slice(0, Math.max(last, 0) + 1);
  return [name, ...written].join(':');
}
