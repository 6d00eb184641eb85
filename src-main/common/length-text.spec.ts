import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  formatArea,
  formatLength,
  type LengthUnit,
  parseLength,
  toMillimeters,
  toUnit,
} from './length-text.ts';

it.each([
  [0, '0 mm', '0 in'],
  [0.0123, '0.012 mm', '0.00048 in'],
  [4.25, '4.25 mm', '0.17 in'],
  [25.4, '25.4 mm', '1.00 in'],
  [99.94, '99.9 mm', '3.93 in'],
  [125, '12.5 cm', '4.92 in'],
  [914.4, '91.4 cm', '1.00 yd'],
  [152_340, '152 m', '167 yd'],
])('%d mm is %s, and %s in inches', (millimeters, metric, imperial) => {
  expect(formatLength(millimeters, 'mm')).toBe(metric);
  expect(formatLength(millimeters, 'inch')).toBe(imperial);
});

it.each([
  [18.1, '18.1 mm²', '0.028 in²'],
  [1000, '10.0 cm²', '1.55 in²'],
  [1_500_000, '1.50 m²', '1.79 yd²'],
])('%d mm² is %s, and %s in inches', (squareMillimeters, metric, imperial) => {
  expect(formatArea(squareMillimeters, 'mm')).toBe(metric);
  expect(formatArea(squareMillimeters, 'inch')).toBe(imperial);
});

it.each([
  ['12.5 mm', 12.5],
  ['3,2cm', 32],
  ['2 m', 2000],
  ['2 in', 50.8],
  ['2"', 50.8],
  ['1 inch', 25.4],
  ['1 yd', 914.4],
  ['1 ft', 304.8],
])('reads %s as %d mm', (text, millimeters) => {
  expect(parseLength(text)).toBeCloseTo(millimeters, 9);
});

it.each(['', '12', 'mm', '0 mm', '-2 mm', '1.2.3 mm', '3 px'])('does not read "%s"', (text) => {
  expect(parseLength(text)).toBeUndefined();
});

it('converts to a unit and back', () => {
  const length = fc.double({ min: 1e-3, max: 1e7, noNaN: true });
  const unit = fc.constantFrom<LengthUnit>('mm', 'cm', 'm', 'in', 'ft', 'yd');
  fc.assert(
    fc.property(length, unit, (given, inUnit) => {
      expect(toUnit(toMillimeters(given, inUnit), inUnit) / given).toBeCloseTo(1, 12);
    }),
  );
});
