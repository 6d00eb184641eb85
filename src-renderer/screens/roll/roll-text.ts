import type { Roll, RollDefect, RuleChoice } from '../../../src-main/common/api/rolls.ts';
import { sizeUnit, toUnit, type UnitSystem } from '../../../src-main/common/length-text.ts';
import { counted as count, formatCount } from '../../format/numbers.ts';

/** The unit of places on a roll. */
export interface PlaceUnit {
  name: 'm' | 'yd' | 'px';
  /** Units per image pixel. */
  along: number;
  across: number;
}

/** Meters or yards if the roll has a scale, else pixels. */
export function placeUnit({ scale }: Pick<Roll, 'scale'>, system: UnitSystem): PlaceUnit {
  if (!scale) return { name: 'px', along: 1, across: 1 };
  const name = system === 'mm' ? 'm' : 'yd';
  return { name, along: toUnit(scale.along, name), across: toUnit(scale.across, name) };
}

/** A place in a unit, without its name: "12.34", "12 340". */
export function placeText(value: number, unit: PlaceUnit['name']): string {
  return unit === 'px' ? formatCount(Math.round(value)) : value.toFixed(2);
}

/** Length and width of a roll: "62.40 m × 1.52 m". */
export function rollSizeText(
  roll: Pick<Roll, 'scale' | 'lengthPixels' | 'widthPixels'>,
  system: UnitSystem,
): string {
  const unit = placeUnit(roll, system);
  const length = placeText(roll.lengthPixels * unit.along, unit.name);
  const width = placeText(roll.widthPixels * unit.across, unit.name);
  return `${length} ${unit.name} × ${width} ${unit.name}`;
}

/** The unit of the sizes of a roll's defects. */
export function defectUnit({ scale }: Pick<Roll, 'scale'>, system: UnitSystem): 'mm' | 'in' | 'px' {
  return scale ? sizeUnit(system) : 'px';
}

/** Length along and width across of a defect, without a unit: "12 × 3.5". */
export function defectSizeText({ px, mm }: Pick<RollDefect, 'px' | 'mm'>, system: UnitSystem): string {
  const sides = mm
    ? [mm.length, mm.width].map((side) => toUnit(side, sizeUnit(system)))
    : [px.length, px.width];
  const small = mm && system === 'inch' ? 2 : 1;
  return sides.map((side) => sizeText(side, small)).join(' × ');
}

/** @param small decimal places of sizes below 10 */
function sizeText(value: number, small: number): string {
  return value < 9.95 ? value.toFixed(small) : formatCount(Math.round(value));
}

/** The points of a defect; empty if the roll has no grade. */
export function pointsText(
  { points, counted }: Pick<RollDefect, 'points' | 'counted'>,
  graded: boolean,
): string {
  if (!graded) return '';
  return counted ? count(points, 'point') : 'Not counted';
}

/** What identifies a roll: its lot, or else the name of its file or folder. */
export function rollTitle({ lot, name }: Pick<Roll, 'lot' | 'name'>): string {
  return lot === '' ? name : `Lot ${lot}`;
}

/** Where a rule came from: "comes with Perch", "from ours.json, added 2026-01-31". */
export function ruleOrigin({ added }: Pick<RuleChoice, 'added'>): string {
  return added ? `from ${added.file}, added ${added.at.slice(0, 10)}` : 'comes with Perch';
}
