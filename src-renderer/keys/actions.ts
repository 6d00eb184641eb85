import { paneSets, type PaneKind } from '../state/viewing.svelte.ts';
import type { Workstation } from '../state/workstation.svelte.ts';
import { screens } from '../screens/screens.ts';

/** Something that can be done by key. The shortcut sheet is this table. */
export interface Action {
  group: 'Images' | 'View' | 'Threshold' | 'Layers' | 'Work';
  title: string;
  /** Keystrokes that do it (keystrokes.ts); the first is the one that is shown, unless `shown` says otherwise. */
  keys: string[];
  shown?: string[];
  run(station: Workstation): void;
}

const LARGE_STEP = 5;
const PAGE = 10;
const DIVIDER_STEP = 0.02;

const images = grouped('Images', [
  { title: 'Next', keys: ['ArrowRight'], run: ({ library }) => library.select(library.index + 1) },
  { title: 'Previous', keys: ['ArrowLeft'], run: ({ library }) => library.select(library.index - 1) },
  { title: 'Ten on', keys: ['PageDown'], run: ({ library }) => library.select(library.index + PAGE) },
  { title: 'Ten back', keys: ['PageUp'], run: ({ library }) => library.select(library.index - PAGE) },
  { title: 'First', keys: ['Home'], run: ({ library }) => library.select(0) },
  { title: 'Last', keys: ['End'], run: ({ library }) => library.select(library.images.length - 1) },
]);

const view = grouped('View', [
  { title: 'Fit', keys: ['f'], run: ({ viewing }) => viewing.fit() },
  { title: 'Actual size', keys: ['0'], run: ({ viewing }) => viewing.actualSize() },
  { title: 'Closer', keys: ['+', '='], run: ({ viewing }) => viewing.zoomBy(1) },
  { title: 'Farther', keys: ['-'], run: ({ viewing }) => viewing.zoomBy(-1) },
  {
    title: 'Pan',
    keys: ['Shift+ArrowLeft'],
    shown: ['Shift+ArrowLeft', 'ArrowUp', 'ArrowDown', 'ArrowRight'],
    run: ({ viewing }) => viewing.pan(-1, 0),
  },
]);

/** Directions of panning that the sheet shows as one. */
const panning: Action[] = (
  [
    ['Shift+ArrowRight', 1, 0],
    ['Shift+ArrowUp', 0, -1],
    ['Shift+ArrowDown', 0, 1],
  ] as const
).map(([key, x, y]) => ({
  group: 'View',
  title: 'Pan',
  keys: [key],
  shown: [],
  run: ({ viewing }) => viewing.pan(x, y),
}));

const panes = (title: string, key: string, shown: readonly PaneKind[]): Action => ({
  group: 'Layers',
  title,
  keys: [key],
  run: ({ viewing }) => {
    viewing.panes = shown;
    viewing.swiped = undefined;
  },
});

const layers: Action[] = [
  panes('Overlay alone', 'F1', paneSets[0]),
  panes('Input and overlay', 'F2', paneSets[1]),
  panes('Input, heatmap, overlay', 'F3', paneSets[2]),
  panes('All four', 'F4', paneSets[3]),
  { group: 'Layers', title: 'Swipe', keys: ['s'], run: ({ viewing }) => viewing.toggleSwipe() },
  {
    group: 'Layers',
    title: 'Divider left',
    keys: [','],
    run: ({ viewing }) => viewing.moveDivider(-DIVIDER_STEP),
  },
  {
    group: 'Layers',
    title: 'Divider right',
    keys: ['.'],
    run: ({ viewing }) => viewing.moveDivider(DIVIDER_STEP),
  },
  {
    group: 'Layers',
    title: 'Heatmap over the image',
    keys: ['h'],
    run: ({ viewing }) => (viewing.blended = !viewing.blended),
  },
  {
    group: 'Layers',
    title: 'Contour',
    keys: ['c'],
    run: ({ viewing }) => (viewing.contour = !viewing.contour),
  },
  {
    group: 'Layers',
    title: 'Ground truth',
    keys: ['g'],
    run: ({ viewing }) => (viewing.truth = !viewing.truth),
  },
];

const threshold: Action[] = (
  [
    ['Lower', ['[', 'BracketLeft'], -1],
    ['Higher', [']', 'BracketRight'], 1],
    ['Much lower', ['Shift+BracketLeft', '{'], -LARGE_STEP],
    ['Much higher', ['Shift+BracketRight', '}'], LARGE_STEP],
  ] as const
).map(([title, keys, steps]) => ({
  group: 'Threshold',
  title,
  keys: [...keys],
  run: (station) => station.stepThreshold(steps),
}));

const work: Action[] = [
  { group: 'Work', title: 'Open images', keys: ['Ctrl+o'], run: (station) => (station.openMenuShown = true) },
  ...screens.map((screen): Action => ({
    group: 'Work',
    title: screen.title,
    keys: [screen.key],
    run: (station) => (station.address.screen = screen.path),
  })),
  { group: 'Work', title: 'These keys', keys: ['?'], run: (station) => (station.shortcutsShown = true) },
];

function grouped(group: Action['group'], members: Omit<Action, 'group'>[]): Action[] {
  return members.map((member) => ({ group, ...member }));
}

/** Everything, in the order of the shortcut sheet. */
export const actions: Action[] = [...images, ...view, ...panning, ...layers, ...threshold, ...work];
