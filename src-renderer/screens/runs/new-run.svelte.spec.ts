import { beforeEach, describe, expect, it } from 'vitest';
import type { MethodOptions } from '../../../src-main/common/api/schemas.ts';
import { formatMethod, defaultSpec } from './format-method.ts';
import { NewRun, type NewRunDeps } from './new-run.svelte.ts';

const count = { name: 'count', default: 10, minimum: 1, maximum: 99 };
const seed = { name: 'seed', default: 0, minimum: 0, maximum: 99 };
const sigma = {
  name: 'sigma',
  default: 6,
  minimum: 0,
  maximum: 9,
  description: '',
  integer: false,
  exclusiveMinimum: true,
};
const choices: MethodOptions = {
  extractors: [{ name: 'gabor', title: 'Gabor: embedded', parameters: [] }],
  statistics: [
    { name: 'fca', title: 'FCA', references: ['median', 'random'], parameters: [sigma] },
    { name: 'moments', title: 'Moments', references: ['random'], parameters: [sigma] },
  ],
  references: [
    { name: 'median', title: 'Median', parameters: [] },
    { name: 'random', title: 'Random', parameters: [count, seed] },
  ],
  default: { extractor: 'gabor', statistic: 'fca', reference: 'median', patchSize: 9 },
};

describe('building a method', () => {
  let form: NewRun;
  beforeEach(() => {
    form = new NewRun({ methods: { presets: [] } } as unknown as NewRunDeps);
  });

  it('starts with the default method', () => {
    form.change({ patchSize: 11 }, choices);
    expect(form.draft).toEqual({ ...choices.default, patchSize: 11 });
  });

  it('selects a reference that the statistic supports, with its default numbers', () => {
    form.change({ statistic: 'moments' }, choices);
    expect(form.draft?.reference).toBe('random:10');
    form.change({ reference: 'random:20:7' }, choices);
    form.change({ statistic: 'fca' }, choices);
    expect(form.draft?.reference).toBe('random:20:7');
  });

  it('has only parameters of its statistic that were set', () => {
    form.change({ parameters: { sigma: 2 } }, choices);
    form.change({ patchSize: 11 }, choices);
    expect(form.draft?.parameters).toEqual({ sigma: 2 });
    form.change({ parameters: {} }, choices);
    expect(form.draft).not.toHaveProperty('parameters');
    form.change({ parameters: { sigma: 2 } }, choices);
    form.change({ statistic: 'moments' }, choices);
    expect(form.draft).not.toHaveProperty('parameters');
  });

  it('can be reset to the original image size', () => {
    form.change({ resize: 256 }, choices);
    form.change({ patchSize: 11 }, choices);
    expect(form.draft?.resize).toBe(256);
    form.change({ resize: undefined }, choices);
    expect(form.draft).not.toHaveProperty('resize');
  });

  it('is added to a run only once', () => {
    form.add(choices.default);
    form.add({ ...choices.default });
    form.add({ ...choices.default, patchSize: 5 });
    expect(form.definitions).toHaveLength(2);
    form.remove(form.built[0].key);
    expect(form.definitions).toEqual([{ ...choices.default, patchSize: 5 }]);
  });
});

it('formats a method', () => {
  const { references } = choices;
  expect(formatMethod({ ...choices.default, parameters: { sigma: 2 }, resize: 256 })).toBe(
    'gabor, fca, median, T 9, σ 2, 256 px',
  );
  expect([defaultSpec(references, 'random'), defaultSpec(references, 'median')]).toEqual([
    'random:10',
    'median',
  ]);
});
