import { expect, it } from 'vitest';
import type { Preset, StoredMethod } from '../../../src-main/common/api/runs.ts';
import type { AnyMethod } from '../../../src-main/common/api/schemas.ts';
import { methodChoices } from './method-choices.ts';

const nearest: AnyMethod = { extractor: 'gabor', memory: 'nearest' };
const mutual: AnyMethod = { extractor: 'gabor', set: 'mutual' };
const preset = (name: string, definition: AnyMethod, missing?: string) =>
  ({ name, definition, missing }) as unknown as Preset;
const stored = (label: string, definition: AnyMethod | null) =>
  ({ label, definition }) as unknown as StoredMethod;

it('leaves out methods that compare the images of a set, and counts each once', () => {
  const { byName, leftOut } = methodChoices(
    [preset('nearest', nearest), preset('mutual', mutual)],
    [stored('mutual', mutual), stored('my set', mutual), stored('my memory', nearest)],
  );
  expect([...byName]).toEqual([
    ['nearest', nearest],
    ['my memory', nearest],
  ]);
  expect(leftOut).toBe(2);
});

it('leaves out, without counting, presets that miss a model and methods without a definition', () => {
  const { byName, leftOut } = methodChoices(
    [preset('nearest', nearest, 'model')],
    [stored('imported maps', null)],
  );
  expect(byName.size).toBe(0);
  expect(leftOut).toBe(0);
});
