import { expect, it } from 'vitest';
import { reasonText } from './reason-text.ts';

const rejected = { score: 0.0215, decision: 'reject', reason: { type: 'score', limit: 0.0188 } } as const;
const spread = { score: 0.5, decision: 'reject', reason: { type: 'area', area: 80, limit: 50 } } as const;

it('has the area of a region in pixels, or in the units of the user if the scale is known', () => {
  const text = (context: Parameters<typeof reasonText>[1]) =>
    reasonText(rejected, { regionArea: 340, ...context });
  expect(text({})).toBe('A region of 340 px at 0.0215 reaches the reject threshold 0.0188');
  const pixel = { x: 0.1, y: 0.2 };
  expect(text({ pixel })).toMatch(/^A region of 6\.80 mm² at/);
  expect(text({ pixel, system: 'inch' })).toMatch(/^A region of 0\.011 in² at/);
});

it('has the total area in the unit of the size limits', () => {
  expect(reasonText(spread, { unit: 'mm' })).toBe(
    'Regions of 80 mm² reach the review threshold, more than 50 mm²',
  );
  expect(reasonText(spread, { unit: 'mm', system: 'inch' })).toMatch(/of 0\.12 in² .* more than 0\.078 in²$/);
  expect(reasonText(spread, { unit: 'positions', system: 'inch' })).toMatch(/of 80 positions/);
});
