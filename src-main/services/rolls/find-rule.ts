import { PerchError } from '../../common/api/errors.ts';
import type { GradingRule } from '../../common/api/grading.ts';
import { checkRule } from '../../common/grading/read-rule.ts';
import { shippedRules } from '../../common/grading/shipped-rules.ts';

/** A rule by its name, or the given one. @throws PerchError `UNKNOWN_NAME`, `INVALID_RULE` */
export function findRule(rule: string | GradingRule): GradingRule {
  if (typeof rule !== 'string') return checkRule(rule, rule.name);
  const found = shippedRules.find(({ name }) => name === rule);
  if (found) return found;
  const names = shippedRules.map(({ name }) => name).join(', ');
  throw new PerchError('UNKNOWN_NAME', `There is no grading rule "${rule}". The rules are ${names}.`);
}
