import type { Workstation } from '../state/workstation.svelte.ts';
import { grouped, type Action } from './action.ts';

const screens = ['library'] as const;

/** Steps through the grid; with Shift, marks everything stepped over. */
const steps: [title: string, key: string, steps: (station: Workstation) => number, shown: boolean][] = [
  ['Next', 'ArrowRight', () => 1, true],
  ['Previous', 'ArrowLeft', () => -1, true],
  ['Row below', 'ArrowDown', ({ selection }) => selection.columns, true],
  ['Row above', 'ArrowUp', ({ selection }) => -selection.columns, true],
  ['Page on', 'PageDown', ({ selection }) => selection.page, true],
  ['Page back', 'PageUp', ({ selection }) => -selection.page, true],
  ['First', 'Home', () => -Infinity, true],
  ['Last', 'End', () => Infinity, true],
];

export const library: Action[] = grouped(
  'Library',
  [
    ...steps.map(([title, key, count]) => ({
      title,
      keys: [key],
      run: (station: Workstation) => station.selection.step(count(station)),
    })),
    ...steps.map(([title, key, count]) => ({
      title: `Mark to: ${title.toLowerCase()}`,
      keys: [`Shift+${key}`],
      shown: [],
      run: (station: Workstation) =>
        station.selection.extendTo(Math.max(station.selection.index, 0) + count(station)),
    })),
    {
      title: 'Mark while stepping',
      keys: [],
      shown: ['Shift+ArrowLeft', 'ArrowUp', 'ArrowDown', 'ArrowRight'],
      run: () => {},
    },
    {
      title: 'Mark, or take the mark back',
      keys: ['Space', 'x'],
      run: ({ selection }) => selection.image && selection.toggle(selection.image.id),
    },
    { title: 'Mark all', keys: ['Ctrl+a'], run: ({ selection }) => selection.markAll() },
    { title: 'Take all marks back', keys: ['Escape'], run: ({ selection }) => selection.clearMarks() },
    { title: 'Open in Inspect', keys: ['Enter'], run: ({ address }) => (address.screen = 'inspect') },
  ],
  screens,
);
