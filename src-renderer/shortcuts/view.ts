import { defineGroup, imageScreens, type Action } from './action.ts';

const views = defineGroup(
  'View',
  [
    { title: 'Fit', keys: ['f'], run: ({ viewing }) => viewing.fit() },
    { title: 'Actual size', keys: ['0'], run: ({ viewing }) => viewing.actualSize() },
    { title: 'Zoom in', keys: ['+', '='], run: ({ viewing }) => viewing.zoomBy(1) },
    { title: 'Zoom out', keys: ['-'], run: ({ viewing }) => viewing.zoomBy(-1) },
    { title: 'Next region', keys: ['j'], run: ({ shown }) => shown?.stepRegion(1) },
    { title: 'Previous region', keys: ['Shift+j'], run: ({ shown }) => shown?.stepRegion(-1) },
    {
      title: 'Pan',
      keys: ['Shift+ArrowLeft'],
      displayKeys: ['Shift+ArrowLeft', 'ArrowUp', 'ArrowDown', 'ArrowRight'],
      run: ({ viewing }) => viewing.pan(-1, 0),
    },
  ],
  imageScreens,
);

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
  displayKeys: [],
  screens: imageScreens,
  run: ({ viewing }) => viewing.pan(x, y),
}));

const windows: Action[] = defineGroup('View', [
  { title: 'Second window', keys: ['Ctrl+Shift+d'], run: (station) => station.openDisplay() },
]);

export const view: Action[] = [...views, ...panning, ...windows];
