import { type Command, InvalidArgumentError, Option } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import type { CalibrationRule } from '../../../common/api/recipes.ts';
import { percentage } from './parsers.ts';

/** Options that choose a rule. Percent on the command line, fractions of 1 in rules. */
export interface RuleOptions {
  falseRejects?: number;
  escape?: boolean;
  review?: number;
  cost?: Extract<CalibrationRule, { type: 'cost' }>;
}

/** Adds the options that choose a calibration rule. They exclude each other. */
export function addRuleOptions(command: Command): Command {
  const options = [
    new Option(
      '--false-rejects <percent>',
      'reject at most this share of good images; 0 rejects none of those that calibrate',
    ).argParser(percentage),
    new Option('--no-escape', 'pass no defective image'),
    new Option(
      '--review <percent>',
      'pass no defective image, reject no good one, and review at most this share',
    ).argParser(percentage),
    new Option(
      '--cost <costs>',
      'least expected cost: escape=COST,false-reject=COST,review=COST,defects=PERCENT of defective pieces',
    ).argParser(costs),
  ];
  for (const option of options) {
    const others = options.filter((other) => other !== option).map((other) => other.attributeName());
    command.addOption(option.conflicts(others));
  }
  return command;
}

/** The rule that the options choose; undefined if they choose none. */
export function ruleOf({ falseRejects, escape, review, cost }: RuleOptions): CalibrationRule | undefined {
  if (falseRejects !== undefined) return { type: 'false-rejects', rate: falseRejects / 100 };
  if (escape === false) return { type: 'no-escape' };
  if (review !== undefined) return { type: 'review', rate: review / 100 };
  return cost;
}

/** @throws PerchError `INVALID_ARGUMENT` if the options choose no rule */
export function requiredRuleOf(options: RuleOptions): CalibrationRule {
  const rule = ruleOf(options);
  if (rule) return rule;
  throw new PerchError(
    'INVALID_ARGUMENT',
    'Choose a rule with --false-rejects, --no-escape, --review or --cost.',
  );
}

const COSTS = ['escape', 'false-reject', 'review', 'defects'];

/** Parses "escape=100,false-reject=10,review=1,defects=2". */
function costs(text: string): Extract<CalibrationRule, { type: 'cost' }> {
  const given = new Map(
    text.split(',').map((part): [string, number] => {
      const [name, value = ''] = part.trim().split('=');
      return [name, value.trim() === '' ? NaN : Number(value)];
    }),
  );
  const isComplete = given.size === COSTS.length && COSTS.every((name) => (given.get(name) ?? -1) >= 0);
  const [escape, falseReject, review, defects] = COSTS.map((name) => given.get(name) ?? NaN);
  if (!isComplete || defects > 100)
    throw new InvalidArgumentError('Must be as in escape=100,false-reject=10,review=1,defects=2.');
  return { type: 'cost', escape, falseReject, review, defectRate: defects / 100 };
}
