import { defineGroup, imageScreens, type Action } from './action.ts';

const SKIP = 10;

const moves = defineGroup(
  'Images',
  [
    { title: 'Next image', keys: ['ArrowRight'], run: ({ selection }) => selection.move(1) },
    { title: 'Previous image', keys: ['ArrowLeft'], run: ({ selection }) => selection.move(-1) },
    { title: 'Skip forward 10', keys: ['PageDown'], run: ({ selection }) => selection.move(SKIP) },
    { title: 'Skip back 10', keys: ['PageUp'], run: ({ selection }) => selection.move(-SKIP) },
    { title: 'First image', keys: ['Home'], run: ({ selection }) => selection.openAt(0) },
    { title: 'Last image', keys: ['End'], run: ({ selection }) => selection.openAt(Infinity) },
  ],
  imageScreens,
);

const marks: Action[] = defineGroup(
  'Images',
  [
    {
      title: 'Mark as good for calibration, or remove the mark',
      keys: ['Shift+g'],
      run: ({ marks, selection }) => void marks.toggle(selection.targets.map(({ id }) => id)),
    },
  ],
  [...imageScreens, 'library'],
);

export const images: Action[] = [...moves, ...marks];
