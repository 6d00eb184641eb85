import { tools } from '../annotation/tools.svelte.ts';
import type { Stores } from '../app/stores.ts';
import { defineGroup } from './action.ts';

const LARGE_STEP = 5;

/** The brackets change what the tool in hand depends on: its size, its tolerance, the threshold of the heatmap. */
function step(stores: Stores, steps: number): void {
  const { annotation, scores, selection } = stores;
  if (annotation.tools.name === 'region') scores.stepThreshold(selection.image?.textureClass, steps);
  else annotation.tools.step(steps);
}

/** What is done by key while a mask is drawn. */
export const drawing = defineGroup(
  'Annotate',
  [
    ...tools.map(({ name, title, key }) => ({
      title,
      keys: [key],
      run: ({ annotation }: Stores) => annotation.choose(name),
    })),
    {
      title: 'Smaller brush, less tolerance',
      keys: ['[', 'BracketLeft'],
      run: (stores) => step(stores, -1),
    },
    {
      title: 'Larger brush, more tolerance',
      keys: [']', 'BracketRight'],
      run: (stores) => step(stores, 1),
    },
    { title: 'Much smaller', keys: ['Shift+BracketLeft', '{'], run: (stores) => step(stores, -LARGE_STEP) },
    { title: 'Much larger', keys: ['Shift+BracketRight', '}'], run: (stores) => step(stores, LARGE_STEP) },
    { title: 'Undo', keys: ['Ctrl+z'], run: ({ annotation }) => annotation.undo() },
    { title: 'Redo', keys: ['Ctrl+Shift+z', 'Ctrl+y'], run: ({ annotation }) => annotation.redo() },
    { title: 'Grow the mask', keys: ['.'], run: ({ annotation }) => void annotation.grow() },
    { title: 'Shrink the mask', keys: [','], run: ({ annotation }) => void annotation.shrink() },
    { title: 'Fill holes in the mask', keys: ['o'], run: ({ annotation }) => void annotation.fillHoles() },
    {
      title: 'Remove specks from the mask',
      keys: ['i'],
      run: ({ annotation }) => void annotation.removeSpecks(),
    },
    { title: 'Mark as normal', keys: ['Shift+n'], run: ({ annotation }) => annotation.requestNormal() },
    {
      title: 'Hide the mask while held',
      keys: ['g'],
      run: ({ annotation }) => (annotation.hidden = true),
    },
    {
      title: 'Save now',
      keys: ['Ctrl+s'],
      run: ({ annotation }) => void annotation.current?.autosave.flush(),
    },
    {
      title: 'Draw by keyboard',
      keys: ['Enter'],
      run: ({ annotation }) => annotation.canvasElement?.focus(),
    },
  ],
  ['annotate'],
);
