import type { Verdict } from '../../src-main/common/api/sessions.ts';
import { verdicts, verdictSigns } from '../format/verdict-labels.ts';
import { defineGroup } from './action.ts';

const focus = (id: string) => () => document.getElementById(id)?.focus();

export const review = defineGroup(
  'Review',
  [
    ...verdicts.map((each) => ({
      title: verdictSigns[each].name,
      keys: [verdictSigns[each].letter.toLowerCase()],
      run: ({ reviews }: { reviews: { setVerdict(verdict: Verdict): Promise<void> } }) =>
        void reviews.setVerdict(each),
    })),
    { title: 'Set defect type', keys: ['k'], run: focus('defect-type') },
    { title: 'Edit note', keys: ['n'], run: focus('review-note') },
    { title: 'Undo last verdict', keys: ['Ctrl+z'], run: ({ reviews }) => void reviews.undo() },
    { title: 'Inspect class', keys: ['i'], run: ({ classRun }) => void classRun.start() },
  ],
  ['inspect'],
);
