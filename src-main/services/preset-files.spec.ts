import { expect, it } from 'vitest';
import { nameOfPreset } from './preset-files.ts';

it('calls a preset by its whole name, and a file by its own without the ending', () => {
  expect(['default', 'table1/laws/fca', 'presets/mine.json', 'Mine.JSON'].map(nameOfPreset)).toEqual([
    'default',
    'table1/laws/fca',
    'mine',
    'Mine',
  ]);
});
