import { describe, expect, it } from 'vitest';
import type { Method } from '../common/api/schemas.ts';
import { resolvePatchSize } from './patch-window.ts';
import { canonicalizeMethod, validateMethod } from './validate-method.ts';

const automatic: Method = { extractor: 'gabor', statistic: 'fca', reference: 'median', patchSize: 'auto' };

describe('the patch size "auto"', () => {
  it.each([
    ['below 640 px', { width: 1024, height: 639 }, { patchSize: 5, sigmaS: 0 }],
    ['from 640 px on', { width: 640, height: 1024 }, { patchSize: 9, sigmaS: 1 }],
  ])('depends on the shorter side: %s', (_, size, chosen) => {
    const { patchSize, sigmaS } = chosen;
    expect(resolvePatchSize(automatic, size)).toEqual({
      method: { ...automatic, patchSize, parameters: { sigmaS } },
      chosen,
    });
  });

  it('does not change a smoothing that the method sets', () => {
    const { method, chosen } = resolvePatchSize(
      { ...automatic, parameters: { sigmaS: 2, sigmaP: 4 } },
      { width: 512, height: 256 },
    );
    expect(method).toMatchObject({ patchSize: 5, parameters: { sigmaS: 2, sigmaP: 4 } });
    expect(chosen).toEqual({ patchSize: 5 });
  });

  it('chooses the smoothing of quantized FCA too', () => {
    const { chosen } = resolvePatchSize({ ...automatic, statistic: 'qfca' }, { width: 64, height: 64 });
    expect(chosen).toEqual({ patchSize: 5, sigmaS: 0 });
  });

  it('chooses no smoothing for statistics without one', () => {
    const { method } = resolvePatchSize(
      { ...automatic, statistic: 'moments', reference: 'global' },
      { width: 800, height: 800 },
    );
    expect(method).toMatchObject({ patchSize: 9, parameters: {} });
  });

  it('does not change methods with a fixed patch size', () => {
    const fixed = { ...automatic, patchSize: 13 as const };
    expect(resolvePatchSize(fixed, { width: 64, height: 64 })).toEqual({ method: fixed });
  });

  it('is valid, and keeps a smoothing that equals the default of fixed patch sizes', () => {
    const stated = { ...automatic, parameters: { sigmaS: 1, sigmaP: 3 } };
    expect(validateMethod(stated)).toEqual(stated);
    expect(canonicalizeMethod(stated)).toEqual({ ...automatic, parameters: { sigmaS: 1 } });
    expect(canonicalizeMethod({ ...stated, patchSize: 9 })).toEqual({ ...automatic, patchSize: 9 });
  });
});
