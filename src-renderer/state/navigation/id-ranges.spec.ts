import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatIds, parseIds } from './id-ranges.ts';

it('writes consecutive ids as ranges', () => {
  expect(formatIds([9, 4, 3, 5, 4])).toBe('3-5.9');
  expect(formatIds([])).toBe('');
});

it('parses formatted ids, ascending and without duplicates', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 })), (ids) => {
      expect(parseIds(formatIds(ids))).toEqual([...new Set(ids)].sort((a, b) => a - b));
    }),
  );
});

it('omits invalid ranges, and limits the number of ids', () => {
  expect(parseIds('a.3-x.-4.7.6-5.1e3')).toEqual([7]);
  expect(parseIds('1-999999999999').length).toBe(200_000);
});
