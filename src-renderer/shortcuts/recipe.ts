import { defineGroup } from './action.ts';

export const recipe = defineGroup(
  'Recipe',
  [
    { title: 'Create recipe', keys: ['n'], run: ({ calibration }) => (calibration.creating = true) },
    {
      title: 'Inspect missing images',
      keys: ['i'],
      run: ({ calibration }) => void calibration.inspectMissing(),
    },
    {
      title: 'Image scores or control chart',
      keys: ['c'],
      run: ({ calibration }) => (calibration.view = calibration.view === 'scores' ? 'drift' : 'scores'),
    },
    { title: 'Save revision', keys: ['Ctrl+s'], run: ({ calibration }) => void calibration.save() },
  ],
  ['recipe'],
);
