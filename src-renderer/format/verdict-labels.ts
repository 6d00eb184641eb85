import Check from '@lucide/svelte/icons/check';
import CircleQuestionMark from '@lucide/svelte/icons/circle-question-mark';
import X from '@lucide/svelte/icons/x';
import type { Verdict } from '../../src-main/common/api/sessions.ts';

/** What stands for each verdict: never a color alone. */
export const verdictSigns: Record<
  Verdict,
  { letter: string; word: string; past: string; icon: typeof Check }
> = {
  accept: { letter: 'A', word: 'Accept', past: 'accepted', icon: Check },
  reject: { letter: 'R', word: 'Reject', past: 'rejected', icon: X },
  unsure: { letter: 'U', word: 'Unsure', past: 'unsure', icon: CircleQuestionMark },
};
