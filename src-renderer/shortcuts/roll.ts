import { verdicts, verdictSigns } from '../format/verdict-labels.ts';
import type { Stores } from '../app/stores.ts';
import { defineGroup, type Action } from './action.ts';

const SKIP = 10;
const focus = (id: string) => () => document.getElementById(id)?.focus();

/** Actions on the Roll screen. Arrow keys choose defects there, not images. */
export const roll: Action[] = defineGroup(
  'Roll',
  [
    { title: 'Next defect', keys: ['ArrowRight', 'j'], run: ({ openRoll }) => openRoll.step(1) },
    { title: 'Previous defect', keys: ['ArrowLeft', 'Shift+j'], run: ({ openRoll }) => openRoll.step(-1) },
    { title: 'Skip forward 10', keys: ['PageDown'], run: ({ openRoll }) => openRoll.step(SKIP) },
    { title: 'Skip back 10', keys: ['PageUp'], run: ({ openRoll }) => openRoll.step(-SKIP) },
    { title: 'First defect', keys: ['Home'], run: ({ openRoll }) => openRoll.step(-Infinity) },
    { title: 'Last defect', keys: ['End'], run: ({ openRoll }) => openRoll.step(Infinity) },
    ...verdicts.map((each) => ({
      title: verdictSigns[each].name,
      keys: [verdictSigns[each].letter.toLowerCase()],
      run: ({ openRoll }: Stores) => void openRoll.setVerdict(each),
    })),
    { title: 'Set kind', keys: ['k'], run: focus('defect-kind') },
    { title: 'Correct points', keys: ['p'], run: focus('defect-points') },
    {
      title: 'Map: whole roll or selected defect',
      keys: ['m'],
      run: ({ openRoll }) => openRoll.toggleZoom(),
    },
    { title: 'Import roll', keys: ['n'], run: ({ rollImport }) => rollImport.show() },
    { title: 'Edit roll', keys: ['e'], run: ({ openRoll }) => openRoll.openDialog('details') },
    { title: 'Certificate', keys: ['Ctrl+p'], run: ({ openRoll }) => openRoll.openDialog('certificate') },
    { title: 'Inspect class', keys: ['i'], run: ({ classRun }) => void classRun.start() },
  ],
  ['roll'],
);
