import { imageScreens, type Action } from './action.ts';

const LARGE_STEP = 5;

export const threshold: Action[] = (
  [
    ['Lower threshold', ['[', 'BracketLeft'], -1],
    ['Raise threshold', [']', 'BracketRight'], 1],
    ['Lower in large steps', ['Shift+BracketLeft', '{'], -LARGE_STEP],
    ['Raise in large steps', ['Shift+BracketRight', '}'], LARGE_STEP],
  ] as const
).map(([title, keys, steps]) => ({
  group: 'Threshold',
  screens: imageScreens,
  title,
  keys: [...keys],
  run: ({ scores, selection }) => scores.stepThreshold(selection.image?.textureClass, steps),
}));
