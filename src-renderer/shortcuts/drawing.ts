import { tools } from '../annotation/tools.svelte.ts';
import type { Workstation } from '../app/workstation.svelte.ts';
import { defineGroup } from './action.ts';

const LARGE_STEP = 5;

/** The brackets change what the tool in hand depends on: its size, its tolerance, the threshold of the heatmap. */
function step(station: Workstation, steps: number): void {
  if (station.annotator.tools.name === 'region') station.stepThreshold(steps);
  else station.annotator.tools.step(steps);
}

/** What is done by key while a mask is drawn. */
export const drawing = defineGroup(
  'Annotate',
  [
    ...tools.map(({ name, title, key }) => ({
      title,
      keys: [key],
      run: ({ annotator }: Workstation) => annotator.choose(name),
    })),
    {
      title: 'Smaller brush, less tolerance',
      keys: ['[', 'BracketLeft'],
      run: (station) => step(station, -1),
    },
    {
      title: 'Larger brush, more tolerance',
      keys: [']', 'BracketRight'],
      run: (station) => step(station, 1),
    },
    { title: 'Much smaller', keys: ['Shift+BracketLeft', '{'], run: (station) => step(station, -LARGE_STEP) },
    { title: 'Much larger', keys: ['Shift+BracketRight', '}'], run: (station) => step(station, LARGE_STEP) },
    { title: 'Undo', keys: ['Ctrl+z'], run: ({ annotator }) => annotator.undo() },
    { title: 'Redo', keys: ['Ctrl+Shift+z', 'Ctrl+y'], run: ({ annotator }) => annotator.redo() },
    { title: 'Grow the mask', keys: ['.'], run: ({ annotator }) => void annotator.grow() },
    { title: 'Shrink the mask', keys: [','], run: ({ annotator }) => void annotator.shrink() },
    { title: 'Fill holes in the mask', keys: ['o'], run: ({ annotator }) => void annotator.fillHoles() },
    {
      title: 'Remove specks from the mask',
      keys: ['i'],
      run: ({ annotator }) => void annotator.removeSpecks(),
    },
    { title: 'Mark as normal', keys: ['Shift+n'], run: ({ annotator }) => annotator.askNormal() },
    {
      title: 'Hide the mask while held',
      keys: ['g'],
      run: ({ annotator }) => (annotator.hidden = true),
    },
    {
      title: 'Save now',
      keys: ['Ctrl+s'],
      run: ({ annotator }) => void annotator.annotation?.saving.flush(),
    },
    { title: 'Draw by keyboard', keys: ['Enter'], run: ({ annotator }) => annotator.surface?.focus() },
  ],
  ['annotate'],
);
