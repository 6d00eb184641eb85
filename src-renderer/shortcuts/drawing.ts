import { tools } from '../annotation/tools.svelte.ts';
import type { Stores } from '../app/stores.ts';
import { defineGroup } from './action.ts';

const LARGE_STEP = 5;

/** The bracket keys change the main setting of the selected tool: its size, its tolerance, or the threshold. */
function step(stores: Stores, steps: number): void {
  const { annotation, scores, selection } = stores;
  if (annotation.tools.name === 'region') scores.stepThreshold(selection.image?.textureClass, steps);
  else annotation.tools.step(steps);
}

export const drawing = defineGroup(
  'Annotate',
  [
    ...tools.map(({ name, title, key }) => ({
      title,
      keys: [key],
      run: ({ annotation }: Stores) => annotation.selectTool(name),
    })),
    {
      title: 'Decrease size or tolerance',
      keys: ['[', 'BracketLeft'],
      run: (stores) => step(stores, -1),
    },
    {
      title: 'Increase size or tolerance',
      keys: [']', 'BracketRight'],
      run: (stores) => step(stores, 1),
    },
    {
      title: 'Decrease in large steps',
      keys: ['Shift+BracketLeft', '{'],
      run: (stores) => step(stores, -LARGE_STEP),
    },
    {
      title: 'Increase in large steps',
      keys: ['Shift+BracketRight', '}'],
      run: (stores) => step(stores, LARGE_STEP),
    },
    { title: 'Undo', keys: ['Ctrl+z'], run: ({ annotation }) => annotation.undo() },
    { title: 'Redo', keys: ['Ctrl+Shift+z', 'Ctrl+y'], run: ({ annotation }) => annotation.redo() },
    { title: 'Grow mask', keys: ['.'], run: ({ annotation }) => void annotation.grow() },
    { title: 'Shrink mask', keys: [','], run: ({ annotation }) => void annotation.shrink() },
    { title: 'Fill holes', keys: ['o'], run: ({ annotation }) => void annotation.fillHoles() },
    {
      title: 'Remove specks',
      keys: ['i'],
      run: ({ annotation }) => void annotation.removeSpecks(),
    },
    { title: 'Mark as normal', keys: ['Shift+n'], run: ({ annotation }) => annotation.requestNormal() },
    {
      title: 'Hide mask while held',
      keys: ['g'],
      run: ({ annotation }) => (annotation.hidden = true),
    },
    {
      title: 'Save mask',
      keys: ['Ctrl+s'],
      run: ({ annotation }) => void annotation.current?.autosave.flush(),
    },
    {
      title: 'Draw with the keyboard',
      keys: ['Enter'],
      run: ({ annotation }) => annotation.canvasElement?.focus(),
    },
  ],
  ['annotate'],
);
