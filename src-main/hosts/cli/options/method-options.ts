import { type Command, InvalidArgumentError, Option } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import type { AnyMethod, Method } from '../../../common/api/schemas.ts';
import { checkedMethod } from '../../../methods/validate-method.ts';
import { statisticNamed, takesReference } from '../../../methods/registry.ts';
import { presetOf } from '../../../services/preset-files.ts';
import {
  extractorOption,
  parameterOptions,
  type ParameterOptions,
  parametersGiven,
  patchOption,
  referenceOption,
  resizeOption,
  statisticOption,
} from './shared-options.ts';

/** What was said of the method: a preset, and single choices that override it. */
export interface MethodOptions extends Partial<Omit<Method, 'parameters'>>, ParameterOptions {
  method: string;
  coresetRatio?: number;
}

/** Adds the options that choose a method to a command. */
export function addMethodOptions(command: Command): Command {
  // The preset brings the defaults: an option has a value only where it was given.
  const overriding = [extractorOption(), statisticOption(), referenceOption(), patchOption()];
  command.addOption(methodOption());
  for (const option of overriding) command.addOption(option.default(undefined));
  for (const option of parameterOptions()) command.addOption(option);
  return command.addOption(resizeOption()).addOption(bankOption());
}

const methodOption = () =>
  new Option(
    '--method <name>',
    'preset, or a JSON file of your own; options after it override it (perch methods list)',
  ).default('default');

const bankOption = () =>
  new Option(
    '--coreset-ratio <x>',
    'patchcore: part of the normal positions that the memory bank keeps',
  ).argParser((text) => {
    const part = Number(text);
    if (!(part > 0 && part <= 1)) throw new InvalidArgumentError('It must be above 0 and at most 1.');
    return part;
  });

/**
 * The method that the options say.
 *
 * @throws PerchError `UNKNOWN_NAME`, `INVALID_PRESET`, `INVALID_ARGUMENT`, `MODEL_MISSING`
 */
export async function methodFrom(options: MethodOptions): Promise<AnyMethod> {
  const { method, title: _, name } = await presetOf(options.method);
  const { extractor, statistic, reference, patchSize, resize, coresetRatio } = options;
  const overrides = { extractor, statistic, reference, patchSize, resize, coresetRatio };
  const chosen = withParameters(name, overridden(name, method, overrides), parametersGiven(options));
  return checkedMethod(chosen);
}

type Overrides = {
  [Key in Exclude<keyof MethodOptions, 'method' | keyof ParameterOptions>]: MethodOptions[Key] | undefined;
};

function overridden(name: string, method: AnyMethod, options: Overrides): AnyMethod {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const takes = optionsOf(method);
  for (const [option] of given) {
    if (takes.includes(option)) continue;
    throw new PerchError(
      'INVALID_ARGUMENT',
      `The method "${name}" takes no ${optionOf(option)}. It takes: ${takes.map(optionOf).join(', ')}.`,
    );
  }
  const chosen = { ...method, ...Object.fromEntries(given) } as AnyMethod;
  if (!('statistic' in chosen) || !('statistic' in method) || chosen.statistic === method.statistic)
    return chosen;
  // Another statistic brings its own parameters, and its own reference, unless one was named.
  const { parameters: _, ...rest } = chosen;
  const statistic = statisticNamed(chosen.statistic);
  if (options.reference || takesReference(statistic, chosen.reference)) return rest;
  return { ...rest, reference: statistic.references[0] };
}

function withParameters(name: string, method: AnyMethod, given: Record<string, number>): AnyMethod {
  if (Object.keys(given).length === 0) return method;
  if ('statistic' in method) return { ...method, parameters: { ...method.parameters, ...given } };
  throw new PerchError(
    'INVALID_ARGUMENT',
    `The method "${name}" has no patch statistic, so it takes no parameter of one.`,
  );
}

/** The option of a field: `--patch-size` for `patchSize`. */
const optionOf = (field: string) => `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

function optionsOf(method: AnyMethod): string[] {
  if ('baseline' in method) return ['resize'];
  if ('coresetRatio' in method) return ['extractor', 'coresetRatio', 'resize'];
  return ['extractor', 'statistic', 'reference', 'patchSize', 'resize'];
}
