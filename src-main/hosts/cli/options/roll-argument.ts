import { realpath } from 'node:fs/promises';
import { parse } from 'node:path';
import { Option } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import type { GradingRule } from '../../../common/api/grading.ts';
import type { Roll } from '../../../common/api/rolls.ts';
import { readRule } from '../../../common/grading/read-rule.ts';
import { readRegular } from '../../../files/read.ts';
import { resolveUserPath } from '../../../files/user-path.ts';
import { printError } from '../output/print.ts';
import type { CommandContext } from '../run-command.ts';
import { storedMethod } from './stored-method.ts';
import { finiteNumber } from './parsers.ts';

export const ROLL_ARGUMENT = ['<roll>', 'path, name or lot of the roll'] as const;

/** Options that choose by what a roll is graded. */
export interface GradingOptions {
  method?: string;
  threshold?: number;
  rule: string;
}

export const gradingOptions = () => [
  new Option('--rule <name>', 'grading rule, or its JSON file (see perch roll rules)').default('four-point'),
  new Option(
    '--method <name>',
    "preset or label of the result (default: the recipe's method, or the latest result)",
  ),
  new Option(
    '--threshold <x>',
    'score at which a region is a defect (default: that of the recipe or the class)',
  ).argParser(finiteNumber),
];

/** The roll with a path, a name (with or without the file's ending) or a lot. @throws PerchError `NOT_FOUND` with the rolls there are, `INVALID_ARGUMENT` if several match */
export async function rollNamed(given: string, { store, services, signal }: CommandContext): Promise<Roll> {
  const { rolls } = await services.rolls.list({}, signal);
  const asked = resolveUserPath(given);
  const path = await realpath(asked).catch(() => asked);
  const pathOf = ({ image }: Roll) => store.images.get(image).path;
  const matching =
    [
      rolls.filter((roll) => pathOf(roll) === path),
      rolls.filter(({ name }) => name === given),
      rolls.filter(({ name }) => parse(name).name === given),
      rolls.filter(({ lot }) => lot === given),
    ].find(({ length }) => length > 0) ?? [];
  if (matching.length === 1) return matching[0];
  if (matching.length > 1)
    throw new PerchError(
      'INVALID_ARGUMENT',
      `${matching.length} rolls match "${given}". Choose one by its path: ${matching.map(pathOf).join(', ')}.`,
    );
  const known =
    rolls.length > 0 ? `Rolls: ${rolls.map(({ name }) => name).join(', ')}.` : 'There are no rolls.';
  throw new PerchError(
    'NOT_FOUND',
    `There is no roll "${given}". ${known} Import one with perch roll import.`,
  );
}

/** The input of `rolls.defects`. */
export async function gradingOf(
  roll: Roll,
  { method, threshold, rule }: GradingOptions,
  context: CommandContext,
): Promise<{ image: number; method?: number; threshold?: number; rule: string | GradingRule }> {
  return {
    image: roll.image,
    ...(method === undefined ? {} : { method: (await storedMethod(method, roll.dataset, context)).id }),
    ...(threshold === undefined ? {} : { threshold }),
    rule: /\.json$/i.test(rule) ? readRule((await readRegular(rule)).toString(), rule) : rule,
  };
}

/** Prints what a person should know about a roll's defects. */
export function printNotes(notes: readonly string[]): void {
  for (const note of notes) printError(`note: ${note}`);
}
