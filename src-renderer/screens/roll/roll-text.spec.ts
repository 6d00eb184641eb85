import { describe, expect, it } from 'vitest';
import { aDefect, aRoll } from '../../state/test/rolls.ts';
import {
  defectSizeText,
  defectUnit,
  placeText,
  placeUnit,
  pointsText,
  rollSizeText,
  rollTitle,
  ruleOrigin,
} from './roll-text.ts';

const pixels = aRoll({ scale: null });

describe('texts of a roll', () => {
  it('give places in meters or yards, or in pixels without a scale', () => {
    const roll = aRoll({ scale: { along: 0.5, across: 0.25 } });
    const unit = placeUnit(roll, 'mm');
    expect([unit.name, unit.along * 4000, unit.across * 4000]).toEqual(['m', 2, 1]);
    const yards = placeUnit(roll, 'inch');
    expect([yards.name, yards.along * 1828.8]).toEqual(['yd', expect.closeTo(1)]);
    expect(placeUnit(pixels, 'mm')).toEqual({ name: 'px', along: 1, across: 1 });
    expect(placeText(12.3456, 'm')).toBe('12.35');
    expect(placeText(12_345.6, 'px')).toBe('12\u202f346');
  });

  it('give the size of the roll', () => {
    expect(rollSizeText(aRoll(), 'mm')).toBe('20.00 m × 0.50 m');
    expect(rollSizeText(aRoll(), 'inch')).toBe('21.87 yd × 0.55 yd');
    expect(rollSizeText(pixels, 'inch')).toBe('40\u202f000 px × 1\u202f000 px');
  });

  it('give the size of a defect', () => {
    const defect = aDefect({ along: 10, length: 190, width: 7 });
    expect(defectSizeText(defect, 'mm')).toBe('95 × 3.5');
    expect(defectSizeText(defect, 'inch')).toBe('3.74 × 0.14');
    expect(defectSizeText({ ...defect, mm: null }, 'inch')).toBe('190 × 7.0');
    expect([aRoll(), pixels].map((roll) => defectUnit(roll, 'inch'))).toEqual(['in', 'px']);
  });

  it('give points only where the roll has a grade', () => {
    expect(pointsText({ points: 1, counted: true }, true)).toBe('1 point');
    expect(pointsText({ points: 0, counted: false }, true)).toBe('Not counted');
    expect(pointsText({ points: 0, counted: false }, false)).toBe('');
  });

  it('name a roll by its lot, or else by its file', () => {
    expect(rollTitle(aRoll())).toBe('Lot 4711');
    expect(rollTitle(aRoll({ lot: '' }))).toBe('roll 4711');
  });

  it('say where a rule came from', () => {
    expect(ruleOrigin({ added: null })).toBe('comes with Perch');
    expect(ruleOrigin({ added: { file: 'ours.json', at: '2026-01-31T08:00:00.000Z' } })).toBe(
      'from ours.json, added 2026-01-31',
    );
  });
});
