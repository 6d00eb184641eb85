import { paneSets, type PaneKind } from '../viewer/viewer-state.svelte.ts';
import { imageScreens, type Action } from './action.ts';

const DIVIDER_STEP = 0.02;

const panes = (title: string, key: string, kinds: readonly PaneKind[]): Action => ({
  group: 'Layers',
  screens: imageScreens,
  title,
  keys: [key],
  run: ({ viewing }) => {
    viewing.panes = kinds;
    viewing.swiped = undefined;
  },
});

export const layers: Action[] = [
  panes('Overlay alone', 'F1', paneSets[0]),
  panes('Input and overlay', 'F2', paneSets[1]),
  panes('Input, heatmap, overlay', 'F3', paneSets[2]),
  panes('All four', 'F4', paneSets[3]),
  {
    group: 'Layers',
    screens: imageScreens,
    title: 'Swipe',
    keys: ['s'],
    run: ({ viewing }) => viewing.toggleSwipe(),
  },
  {
    group: 'Layers',
    screens: imageScreens,
    title: 'Divider left',
    keys: [','],
    run: ({ viewing }) => viewing.moveDivider(-DIVIDER_STEP),
  },
  {
    group: 'Layers',
    screens: imageScreens,
    title: 'Divider right',
    keys: ['.'],
    run: ({ viewing }) => viewing.moveDivider(DIVIDER_STEP),
  },
  {
    group: 'Layers',
    screens: imageScreens,
    title: 'Heatmap over the image',
    keys: ['h'],
    run: ({ viewing }) => (viewing.blended = !viewing.blended),
  },
  {
    group: 'Layers',
    screens: imageScreens,
    title: 'Contour',
    keys: ['c'],
    run: ({ viewing }) => (viewing.contour = !viewing.contour),
  },
  {
    group: 'Layers',
    screens: imageScreens,
    title: 'Ground truth',
    keys: ['g'],
    run: ({ viewing }) => (viewing.truth = !viewing.truth),
  },
];
