import { beforeEach, describe, expect, it } from 'vitest';
import type { MethodOptions } from '../../../src-main/common/api/schemas.ts';
import { formatMethod, defaultSpec } from './format-method.ts';
import { definitionOf } from './method-draft.ts';
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
const options: MethodOptions = {
  extractors: [{ name: 'gabor', title: 'Gabor: embedded', parameters: [] }],
  statistics: [
    {
      name: 'fca',
      title: 'FCA',
      references: ['median', 'random'],
      normalReferences: ['median'],
      parameters: [sigma],
    },
    { name: 'moments', title: 'Moments', references: ['random'], normalReferences: [], parameters: [sigma] },
  ],
  references: [
    { name: 'median', title: 'Median', parameters: [] },
    { name: 'random', title: 'Random', parameters: [count, seed] },
  ],
  comparisons: [
    { name: 'nearest', title: 'Nearest', otherImages: 'normal', parameters: [sigma] },
    { name: 'mutual', title: 'Mutual', otherImages: 'set', parameters: [] },
    {
      name: 'patchcore',
      title: 'PatchCore',
      otherImages: 'normal',
      parameters: [{ ...sigma, name: 'coresetRatio', default: 0.1 }],
    },
  ],
  default: { extractor: 'gabor', statistic: 'fca', reference: 'median', patchSize: 9 },
};

describe('building a method', () => {
  let form: NewRun;
  beforeEach(() => {
    form = new NewRun({ methods: { presets: [] } } as unknown as NewRunDeps);
  });
  const built = () => form.draft && definitionOf(form.draft, options);

  it('starts with the default method', () => {
    form.change({ patchSize: 11 }, options);
    expect(built()).toEqual({ ...options.default, patchSize: 11 });
  });

  it('selects a reference that the statistic supports, with its default numbers', () => {
    form.change({ statistic: 'moments' }, options);
    expect(built()).toMatchObject({ reference: 'random:10' });
    form.change({ reference: 'random:20:7' }, options);
    form.change({ statistic: 'fca' }, options);
    expect(built()).toMatchObject({ reference: 'random:20:7' });
  });

  it('has only parameters of its statistic that were set', () => {
    form.change({ parameters: { sigma: 2 } }, options);
    form.change({ patchSize: 11 }, options);
    expect(built()).toMatchObject({ parameters: { sigma: 2 } });
    form.change({ parameters: {} }, options);
    expect(built()).not.toHaveProperty('parameters');
    form.change({ parameters: { sigma: 2 } }, options);
    form.change({ statistic: 'moments' }, options);
    expect(built()).not.toHaveProperty('parameters');
  });

  it('can be reset to the original image size', () => {
    form.change({ resize: 256 }, options);
    form.change({ patchSize: 11 }, options);
    expect(built()?.resize).toBe(256);
    form.change({ resize: undefined }, options);
    expect(built()).not.toHaveProperty('resize');
  });

  it('takes the reference from normal images while the statistic supports it', () => {
    form.change({ normal: true }, options);
    expect(built()).toEqual({ ...options.default, normal: true });
    form.change({ reference: 'random:10' }, options);
    expect(built()).toEqual({ ...options.default, normal: true });
    form.change({ statistic: 'moments' }, options);
    expect(built()).toMatchObject({ reference: 'random:10' });
    expect(built()).not.toHaveProperty('normal');
  });

  it('has the kind of its comparison', () => {
    form.change({ statistic: 'nearest', parameters: { sigma: 2 }, resize: 256 }, options);
    expect(built()).toEqual({ extractor: 'gabor', memory: 'nearest', resize: 256 });
    form.change({ parameters: { sigma: 3 } }, options);
    expect(built()).toMatchObject({ parameters: { sigma: 3 } });
    form.change({ statistic: 'mutual', resize: undefined }, options);
    expect(built()).toEqual({ extractor: 'gabor', set: 'mutual' });
    form.change({ statistic: 'patchcore' }, options);
    expect(built()).toEqual({ extractor: 'gabor', coresetRatio: 0.1 });
    form.change({ parameters: { coresetRatio: 0.5 } }, options);
    expect(built()).toEqual({ extractor: 'gabor', coresetRatio: 0.5 });
    form.change({ statistic: 'fca' }, options);
    expect(built()).toMatchObject({ statistic: 'fca', reference: 'median' });
  });

  it('is added to a run only once', () => {
    form.add(options.default);
    form.add({ ...options.default });
    form.add({ ...options.default, patchSize: 5 });
    expect(form.definitions).toHaveLength(2);
    form.remove(form.built[0].key);
    expect(form.definitions).toEqual([{ ...options.default, patchSize: 5 }]);
  });
});

it('formats methods of every kind', () => {
  expect([
    formatMethod({ ...options.default, parameters: { sigmaP: 2 }, resize: 256 }),
    formatMethod({ ...options.default, normal: true }),
    formatMethod({ extractor: 'gabor', memory: 'subspace', parameters: { variance: 0.9 } }),
    formatMethod({ extractor: 'gabor', set: 'mutual', resize: 256 }),
    formatMethod({ extractor: 'gabor', coresetRatio: 0.1 }),
    formatMethod({ network: 'stfpm' }),
    formatMethod({ baseline: 'bellini' }),
  ]).toEqual([
    'gabor, fca, median, T 9, σp 2, 256 px',
    'gabor, fca, median of normal images, T 9',
    'gabor, subspace, variance 0.9',
    'gabor, mutual, 256 px',
    'gabor, PatchCore 0.1',
    'network:stfpm',
    'bellini',
  ]);
});

it('formats references with their default numbers', () => {
  const { references } = options;
  expect([defaultSpec(references, 'random'), defaultSpec(references, 'median')]).toEqual([
    'random:10',
    'median',
  ]);
});
