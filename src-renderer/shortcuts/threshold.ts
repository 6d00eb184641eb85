import { imageScreens, type Action } from './action.ts';

const LARGE_STEP = 5;

export const threshold: Action[] = (
  [
    ['Lower', ['[', 'BracketLeft'], -1],
    ['Higher', [']', 'BracketRight'], 1],
    ['Much lower', ['Shift+BracketLeft', '{'], -LARGE_STEP],
    ['Much higher', ['Shift+BracketRight', '}'], LARGE_STEP],
  ] as const
).map(([title, keys, steps]) => ({
  group: 'Threshold',
  screens: imageScreens,
  title,
  keys: [...keys],
  run: ({ scores, selection }) => scores.stepThreshold(selection.image?.textureClass, steps),
}));
