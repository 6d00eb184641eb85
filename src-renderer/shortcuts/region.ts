import { defineGroup, type Action } from './action.ts';

/** Keys of the open region tool (screens/inspect/region/region-keys.ts), for the list of shortcuts only. */
const keys: [title: string, displayKeys: string[]][] = [
  ['Rectangle, polygon, select', ['r', 'p', 'v']],
  ['Include, exclude', ['i', 'x']],
  ['Add a shape; close a polygon', ['Enter']],
  ['Add a vertex', ['Space']],
  ['Move shape', ['ArrowLeft', 'ArrowUp', 'ArrowDown', 'ArrowRight']],
  ['Move shape by 10 pixels', ['Shift+ArrowLeft', 'ArrowUp', 'ArrowDown', 'ArrowRight']],
  ['Resize shape', ['Ctrl+ArrowLeft', 'ArrowUp', 'ArrowDown', 'ArrowRight']],
  ['Next shape', ['j']],
  ['Remove shape', ['Delete']],
  ['Save region', ['Ctrl+s']],
  ['Leave', ['Escape']],
];

export const region: Action[] = defineGroup(
  'Region tool',
  keys.map(([title, displayKeys]) => ({ title, keys: [], displayKeys, run: () => {} })),
  ['inspect'],
);
