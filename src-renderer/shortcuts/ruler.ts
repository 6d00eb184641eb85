import { defineGroup, type Action } from './action.ts';

/** Keys of the open ruler (screens/inspect/ruler/ruler-keys.ts), for the list of shortcuts only. */
const keys: [title: string, displayKeys: string[]][] = [
  ['Place a point; continue to the known length', ['Enter']],
  ['Move the point', ['ArrowLeft', 'ArrowUp', 'ArrowDown', 'ArrowRight']],
  ['Move it by 10 pixels', ['Shift+ArrowLeft', 'ArrowUp', 'ArrowDown', 'ArrowRight']],
  ['Move it by 100 pixels', ['Ctrl+ArrowLeft', 'ArrowUp', 'ArrowDown', 'ArrowRight']],
  ['Change to the other end', ['Space']],
  ['Clear, leave', ['Escape']],
];

export const ruler: Action[] = defineGroup(
  'Ruler',
  keys.map(([title, displayKeys]) => ({ title, keys: [], displayKeys, run: () => {} })),
  ['inspect', 'annotate', 'roll'],
);
