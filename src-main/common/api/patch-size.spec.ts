import { describe, expect, it } from 'vitest';
import { patchSizeAfterChange } from './patch-size.ts';
import type { Method } from './schemas.ts';

const automatic: Method = { extractor: 'gabor', statistic: 'fca', reference: 'median', patchSize: 'auto' };

describe('the patch size after a change', () => {
  it('stays automatic for the same extractor and statistic', () => {
    expect(patchSizeAfterChange(automatic, { extractor: 'gabor', statistic: 'fca' }, undefined)).toBe('auto');
  });

  it.each([{ extractor: 'laws' }, { statistic: 'sww' }])('is the default one with %o', (change) => {
    expect(patchSizeAfterChange(automatic, { ...automatic, ...change }, undefined)).toBe(9);
    expect(
      patchSizeAfterChange({ ...automatic, patchSize: 13 }, { ...automatic, ...change }, undefined),
    ).toBe(13);
  });

  it.each([7, 'auto'] as const)('is the one that was asked for: %s', (given) => {
    expect(patchSizeAfterChange(automatic, { ...automatic, extractor: 'laws' }, given)).toBe(given);
  });
});
