import { PerchError } from '../api/errors.ts';
import { type GradingRule, pointsRule, usableShareRule } from '../api/grading.ts';
import { ruleProblems } from './rule-problems.ts';

/**
 * Reads a rule from the text of a JSON file (docs/grading-rule.schema.json).
 *
 * @param file named in errors
 * @throws INVALID_RULE with all problems
 */
export function readRule(json: string, file: string): GradingRule {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new PerchError('INVALID_RULE', `${file} is not JSON: ${(error as Error).message}`, error);
  }
  const parsed = schemaOf(value).safeParse(value);
  if (parsed.success) return checkRule(parsed.data, file);
  throw notARule(
    file,
    parsed.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': ')),
  );
}

/** @returns the rule @throws INVALID_RULE if it has steps or grades that can never hold */
export function checkRule(rule: GradingRule, file: string): GradingRule {
  const problems = ruleProblems(rule);
  if (problems.length > 0) throw notARule(file, problems);
  return rule;
}

function notARule(file: string, problems: readonly string[]): PerchError {
  return new PerchError('INVALID_RULE', `${file} is not a grading rule: ${problems.join('; ')}.`);
}

/** The schema of the rule's system, whose errors are more specific than those of the union. */
function schemaOf(value: unknown): typeof pointsRule | typeof usableShareRule {
  const isShare =
    typeof value === 'object' && value !== null && 'system' in value && value.system === 'usable-share';
  return isShare ? usableShareRule : pointsRule;
}
