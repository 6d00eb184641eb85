import { describe, expect, it } from 'vitest';
import { auditChanges, pathText, valueText } from './audit-changes.ts';

describe('the changes of an audit entry', () => {
  it('are the values that differ, by path', () => {
    const before = { name: 'Oxford', thresholds: { review: 0.018, reject: 0.02 }, classes: ['linen'] };
    const after = {
      name: 'Oxford',
      thresholds: { review: 0.018, reject: 0.021 },
      classes: ['linen', 'felt'],
    };
    expect(auditChanges({ before, after })).toEqual([
      { path: 'thresholds.reject', before: '0.02', after: '0.021' },
      { path: 'classes', before: '["linen"]', after: '["linen","felt"]' },
    ]);
  });

  it('are all values that are not empty if the subject was added or removed', () => {
    expect(auditChanges({ before: null, after: { verdict: 'reject', note: '', region: null } })).toEqual([
      { path: 'verdict', before: undefined, after: 'reject' },
    ]);
    expect(auditChanges({ before: { note: 'x' }, after: { note: '' } })).toHaveLength(1);
    expect(auditChanges({ before: 'a', after: null })).toEqual([{ path: '', before: 'a', after: undefined }]);
    expect(auditChanges({ before: null, after: null })).toEqual([]);
  });

  it('distinguish a value that is null from none', () => {
    expect(auditChanges({ before: { region: null }, after: { region: 'x' } })).toEqual([
      { path: 'region', before: 'null', after: 'x' },
    ]);
  });

  it('have readable names', () => {
    expect(pathText('sizeLimits.minArea')).toBe('size limits, min area');
  });

  it('are short enough to read', () => {
    expect([valueText(undefined), valueText(''), valueText('a')]).toEqual(['–', '""', 'a']);
    expect(valueText('x'.repeat(999))).toHaveLength(121);
  });
});
