import type { Stores } from '../app/stores.ts';
import { defineGroup, type Action } from './action.ts';

const screens = ['library'] as const;

/** Moves in the grid; Shift extends the selection over the passed images. */
const steps: [title: string, key: string, steps: (stores: Stores) => number][] = [
  ['Next', 'ArrowRight', () => 1],
  ['Previous', 'ArrowLeft', () => -1],
  ['Row below', 'ArrowDown', ({ selection }) => selection.columns],
  ['Row above', 'ArrowUp', ({ selection }) => -selection.columns],
  ['Page down', 'PageDown', ({ selection }) => selection.page],
  ['Page up', 'PageUp', ({ selection }) => -selection.page],
  ['First', 'Home', () => -Infinity],
  ['Last', 'End', () => Infinity],
];

export const library: Action[] = defineGroup(
  'Library',
  [
    ...steps.map(([title, key, count]) => ({
      title,
      keys: [key],
      run: (stores: Stores) => stores.selection.move(count(stores)),
    })),
    ...steps.map(([title, key, count]) => ({
      title: `Extend selection: ${title.toLowerCase()}`,
      keys: [`Shift+${key}`],
      displayKeys: [],
      run: (stores: Stores) => stores.selection.extendTo(Math.max(stores.selection.index, 0) + count(stores)),
    })),
    {
      title: 'Extend selection',
      keys: [],
      displayKeys: ['Shift+ArrowLeft', 'ArrowUp', 'ArrowDown', 'ArrowRight'],
      run: () => {},
    },
    {
      title: 'Select or deselect',
      keys: ['Space', 'x'],
      run: ({ selection }) => selection.image && selection.toggle(selection.image.id),
    },
    { title: 'Select all', keys: ['Ctrl+a'], run: ({ selection }) => selection.selectAll() },
    { title: 'Clear selection', keys: ['Escape'], run: ({ selection }) => selection.clearSelected() },
    { title: 'Open in Inspect', keys: ['Enter'], run: ({ router }) => (router.screen = 'inspect') },
  ],
  screens,
);
