import Check from '@lucide/svelte/icons/check';
import CircleQuestionMark from '@lucide/svelte/icons/circle-question-mark';
import X from '@lucide/svelte/icons/x';
import type { Verdict } from '../../src-main/common/api/sessions.ts';

/** Each verdict's letter, name and icon, so that color is never the only sign. */
export const verdictSigns: Record<
  Verdict,
  { letter: string; name: string; past: string; icon: typeof Check }
> = {
  accept: { letter: 'A', name: 'Accept', past: 'accepted', icon: Check },
  reject: { letter: 'R', name: 'Reject', past: 'rejected', icon: X },
  unsure: { letter: 'U', name: 'Unsure', past: 'unsure', icon: CircleQuestionMark },
};

/** All verdicts, in the order in which they are offered. */
export const verdicts = Object.keys(verdictSigns) as Verdict[];
