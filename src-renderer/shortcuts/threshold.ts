import { viewerScreens, type Action } from './action.ts';

const LARGE_STEP = 5;

export const threshold: Action[] = (
  [
    ['Lower contour threshold', ['[', 'BracketLeft'], -1],
    ['Raise contour threshold', [']', 'BracketRight'], 1],
    ['Lower contour threshold in large steps', ['Shift+BracketLeft', '{'], -LARGE_STEP],
    ['Raise contour threshold in large steps', ['Shift+BracketRight', '}'], LARGE_STEP],
  ] as const
).map(([title, keys, steps]) => ({
  group: 'Contour',
  screens: viewerScreens,
  title,
  keys: [...keys],
  run: ({ scores, selection }) => scores.stepThreshold(selection.image?.textureClass, steps),
}));
