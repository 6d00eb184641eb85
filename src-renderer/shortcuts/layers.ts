import { paneSets, type PaneKind } from '../viewer/viewer-state.svelte.ts';
import { paneScreens, viewerScreens, type Action } from './action.ts';

const DIVIDER_STEP = 0.02;

const panes = (title: string, key: string, kinds: readonly PaneKind[]): Action => ({
  group: 'Layers',
  screens: viewerScreens,
  title,
  keys: [key],
  run: ({ viewer }) => {
    viewer.panes = kinds;
    viewer.swiped = undefined;
  },
});

export const layers: Action[] = [
  panes('Overlay only', 'F1', paneSets[0]),
  panes('Input and overlay', 'F2', paneSets[1]),
  panes('Input, heatmap and overlay', 'F3', paneSets[2]),
  panes('All four panes', 'F4', paneSets[3]),
  {
    group: 'Layers',
    screens: viewerScreens,
    title: 'Toggle swipe',
    keys: ['s'],
    run: ({ viewer }) => viewer.toggleSwipe(),
  },
  {
    group: 'Layers',
    screens: viewerScreens,
    title: 'Move divider left',
    keys: [','],
    run: ({ viewer }) => viewer.moveDivider(-DIVIDER_STEP),
  },
  {
    group: 'Layers',
    screens: viewerScreens,
    title: 'Move divider right',
    keys: ['.'],
    run: ({ viewer }) => viewer.moveDivider(DIVIDER_STEP),
  },
  {
    group: 'Layers',
    screens: paneScreens,
    title: 'Toggle heatmap on overlay',
    keys: ['h'],
    run: ({ viewer }) => (viewer.heatmapOnOverlay = !viewer.heatmapOnOverlay),
  },
  {
    group: 'Layers',
    screens: paneScreens,
    title: 'Toggle contour',
    keys: ['c'],
    run: ({ viewer }) => (viewer.contour = !viewer.contour),
  },
  {
    group: 'Layers',
    screens: viewerScreens,
    title: 'Toggle ground truth',
    keys: ['g'],
    run: ({ viewer }) => (viewer.groundTruth = !viewer.groundTruth),
  },
];
