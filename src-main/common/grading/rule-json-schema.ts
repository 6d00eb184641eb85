import { z } from 'zod';
import { gradingRule } from '../api/grading.ts';

/** The JSON schema of rule files (`docs/grading-rule.schema.json`). Keys with defaults are optional. */
export function ruleJsonSchema(): object {
  return { title: 'Perch grading rule', ...z.toJSONSchema(gradingRule, { io: 'input' }) };
}
