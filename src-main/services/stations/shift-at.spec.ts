import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shiftAt } from './shift-at.ts';

const three = ['06:00', '14:00', '22:00'];
const at = (text: string, starts = three) => shiftAt(new Date(text), starts).shift;

it.each([
  ['2026-03-10T06:00', '2026-03-10 06:00'],
  ['2026-03-10T13:59:59.999', '2026-03-10 06:00'],
  ['2026-03-10T22:00', '2026-03-10 22:00'],
  ['2026-03-10T05:59', '2026-03-09 22:00'],
  ['2026-01-01T00:00', '2025-12-31 22:00'],
])('%s belongs to the shift of %s', (moment, shift) => expect(at(moment)).toBe(shift));

it('with one start lasts a day', () => {
  const { from, to } = shiftAt(new Date('2026-03-10T05:00'), ['06:00']);
  expect([from, to]).toEqual([new Date('2026-03-09T06:00'), new Date('2026-03-10T06:00')]);
});

it('contains its moment, and the next one starts where it ends', () => {
  const moments = fc.date({ min: new Date('2025-01-01'), max: new Date('2027-01-01'), noInvalidDate: true });
  const times = fc
    .uniqueArray(fc.integer({ min: 0, max: 24 * 60 - 1 }), { minLength: 1, maxLength: 6 })
    .map((minutes) => minutes.map((minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`).sort());
  fc.assert(
    fc.property(moments, times, (moment, starts) => {
      const { from, to } = shiftAt(moment, starts);
      expect(from <= moment && moment < to).toBe(true);
      expect(shiftAt(to, starts).from).toEqual(to);
    }),
  );
});

const two = (number: number) => String(number).padStart(2, '0');
