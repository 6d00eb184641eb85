import { Command, Option } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import type { AnyMethod, Method } from '../../../common/api/schemas.ts';
import { patchSizeAfterChange } from '../../../common/api/patch-size.ts';
import { validateMethod } from '../../../methods/validate-method.ts';
import { statisticNamed, acceptsReference } from '../../../methods/registry.ts';
import { presetName, loadPreset } from '../../../services/methods/user-presets.ts';
import { resizeOption } from './image-options.ts';
import { optionName } from './option-name.ts';
import { givenParameters, parameterOptions } from './parameter-options.ts';
import { collect, fraction } from './parsers.ts';
import { extractorOption, patchSizeOption, referenceOption, statisticOption } from './statistic-options.ts';

/** Options that override single components of a method, including the parameters of statistics. */
export interface MethodOverrides extends Partial<
  Pick<Method, 'extractor' | 'statistic' | 'reference' | 'resize'>
> {
  patchSize?: Method['patchSize'];
  coresetRatio?: number;
}

/** The methods of a command: `--method`, repeatable, and overrides for all of them. */
export interface MethodOptions extends MethodOverrides {
  method?: string[];
}

/** A method and the name that selected it, of a preset or of a preset file. */
export interface NamedMethod {
  name: string;
  method: AnyMethod;
}

/** The option that names methods. It can be repeated. Without it, `default` is used. */
export const methodOption = (also = '') =>
  new Option(
    '--method <name>',
    `preset or JSON file${also}; can be repeated (default: "${DEFAULT_METHOD}", see perch methods list)`,
  ).argParser(collect);

/** The preset that is used if no method is named. */
export const DEFAULT_METHOD = 'default';

/** Adds `--method` and the options that override a method to a command. */
export function addMethodOptions(command: Command): Command {
  command.addOption(methodOption());
  return addMethodOverrides(command);
}

/** Adds the options that override a method; the preset supplies their defaults. */
export function addMethodOverrides(command: Command): Command {
  command.optionsGroup('Options that override the method:');
  for (const option of [extractorOption(), statisticOption(), referenceOption(), patchSizeOption()])
    command.addOption(option.default(undefined));
  for (const option of parameterOptions()) command.addOption(option);
  command.addOption(resizeOption()).addOption(coresetRatioOption());
  return command.optionsGroup('Options:');
}

/** The keys of all options that `addMethodOptions` adds. */
export function methodOptionNames(): string[] {
  return addMethodOptions(new Command()).options.map((option) => option.attributeName());
}

const coresetRatioOption = () =>
  new Option(
    '--coreset-ratio <x>',
    'patchcore: fraction of the normal patches stored in the memory bank',
  ).argParser(fraction);

/**
 * The methods that the options choose, each once.
 *
 * @throws PerchError `UNKNOWN_NAME`, `INVALID_PRESET`, `INVALID_ARGUMENT`, `MODEL_MISSING`
 */
export async function resolveMethods({ method, ...overrides }: MethodOptions): Promise<NamedMethod[]> {
  const names = new Set(method ?? [DEFAULT_METHOD]);
  const resolved: NamedMethod[] = [];
  for (const name of names)
    resolved.push({ name: presetName(name), method: await resolveMethod(name, overrides) });
  return resolved;
}

/**
 * The method of a preset or preset file, with overrides.
 *
 * @throws PerchError `UNKNOWN_NAME`, `INVALID_PRESET`, `INVALID_ARGUMENT`, `MODEL_MISSING`
 */
export async function resolveMethod(nameOrFile: string, options: MethodOverrides = {}): Promise<AnyMethod> {
  const { method, name } = await loadPreset(nameOrFile);
  const { extractor, statistic, reference, patchSize, resize, coresetRatio } = options;
  const overrides = { extractor, statistic, reference, patchSize, resize, coresetRatio };
  return validateMethod(withParameters(name, override(name, method, overrides), givenParameters(options)));
}

type Overrides = Partial<Record<keyof Method | 'coresetRatio', string | number | undefined>>;

function override(name: string, method: AnyMethod, overrides: Overrides): AnyMethod {
  const given = Object.entries(overrides).filter(([, value]) => value !== undefined);
  const accepted = fieldsOf(method);
  for (const [field] of given) {
    if (accepted.includes(field)) continue;
    throw new PerchError(
      'INVALID_ARGUMENT',
      `The method "${name}" does not support ${optionName(field)}. It supports ${accepted.map(optionName).join(', ')}.`,
    );
  }
  const overridden = { ...method, ...Object.fromEntries(given) } as AnyMethod;
  if (!('statistic' in overridden) || !('statistic' in method)) return overridden;
  const wanted = overrides.patchSize as Method['patchSize'] | undefined;
  overridden.patchSize = patchSizeAfterChange(method, overridden, wanted);
  if (overridden.statistic === method.statistic) return overridden;
  // Another statistic has its own parameters, and its own default reference.
  const { parameters: _, ...rest } = overridden;
  const statistic = statisticNamed(overridden.statistic);
  if (overrides.reference || acceptsReference(statistic, overridden.reference)) return rest;
  return { ...rest, reference: statistic.references[0] };
}

function withParameters(name: string, method: AnyMethod, given: Record<string, number>): AnyMethod {
  const [parameter] = Object.keys(given);
  if (parameter === undefined) return method;
  if ('statistic' in method || 'memory' in method || 'set' in method)
    return { ...method, parameters: { ...method.parameters, ...given } };
  throw new PerchError(
    'INVALID_ARGUMENT',
    `The method "${name}" does not support ${optionName(parameter)}: it has no parameters.`,
  );
}

function fieldsOf(method: AnyMethod): string[] {
  if (!('extractor' in method)) return ['resize'];
  if ('coresetRatio' in method) return ['extractor', 'coresetRatio', 'resize'];
  if (!('statistic' in method)) return ['extractor', 'resize'];
  return ['extractor', 'statistic', 'reference', 'patchSize', 'resize'];
}
