import { defineGroup, paneScreens, type Action } from './action.ts';

const views = defineGroup(
  'View',
  [
    { title: 'Fit to pane', keys: ['f'], run: ({ viewer }) => viewer.fit() },
    { title: 'Actual size', keys: ['0'], run: ({ viewer }) => viewer.actualSize() },
    { title: 'Zoom in', keys: ['+', '='], run: ({ viewer }) => viewer.zoomBy(1) },
    { title: 'Zoom out', keys: ['-'], run: ({ viewer }) => viewer.zoomBy(-1) },
    { title: 'Next region', keys: ['j'], run: ({ activeImage }) => activeImage.current?.stepRegion(1) },
    {
      title: 'Previous region',
      keys: ['Shift+j'],
      run: ({ activeImage }) => activeImage.current?.stepRegion(-1),
    },
    {
      title: 'Pan',
      keys: ['Shift+ArrowLeft'],
      displayKeys: ['Shift+ArrowLeft', 'ArrowUp', 'ArrowDown', 'ArrowRight'],
      run: ({ viewer }) => viewer.pan(-1, 0),
    },
  ],
  paneScreens,
);

/** The other directions of panning, which the list shows as one entry. */
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
  screens: paneScreens,
  run: ({ viewer }) => viewer.pan(x, y),
}));

const regions: Action[] = defineGroup(
  'View',
  [
    {
      title: 'Draw inspection region',
      keys: ['Shift+r'],
      run: ({ regionEditor, ruler }) => {
        ruler.close();
        if (regionEditor.isOpen) regionEditor.close();
        else regionEditor.open();
      },
    },
  ],
  ['inspect'],
);

const rulers: Action[] = defineGroup(
  'View',
  [
    {
      title: 'Ruler and scale',
      keys: ['l'],
      run: ({ ruler, regionEditor }) => {
        regionEditor.close();
        if (ruler.isOpen) ruler.close();
        else ruler.open();
      },
    },
  ],
  ['inspect', 'annotate', 'roll'],
);

const windows: Action[] = defineGroup('View', [
  { title: 'Open second window', keys: ['Ctrl+Shift+d'], run: ({ secondWindow }) => secondWindow.open() },
]);

export const view: Action[] = [...views, ...panning, ...regions, ...rulers, ...windows];
