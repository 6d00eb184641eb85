import type { Decision } from '../../src-main/common/api/recipes.ts';

/** Each decision's name and color token. `DecisionShape` distinguishes decisions without color. */
export const decisionSigns: Record<Decision, { name: string; past: string; color: string }> = {
  pass: { name: 'Pass', past: 'passes', color: 'var(--accept)' },
  review: { name: 'Review', past: 'to review', color: 'var(--unsure)' },
  reject: { name: 'Reject', past: 'rejected', color: 'var(--reject)' },
};
