import type { RollStretch } from '../api/grading.ts';
import { exceeds } from './lengths.ts';
import type { GradedDefect } from './types.ts';

/** Share of a stretch by which rounding may move a place on a border. */
const ROUNDING = 1e-6;

/** Points that a defect has in one stretch. */
export interface PlacedPoints {
  stretch: number;
  points: number;
}

/** Number of stretches of `unit` millimeters on a roll; the last one may be shorter. */
export function stretchCount(rollLength: number, unit: number): number {
  return Math.max(1, Math.ceil(rollLength / unit - ROUNDING));
}

/** The stretch in which a place lies. A place on a border lies in the stretch that begins there. */
export function stretchAt(place: number, unit: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(place / unit + ROUNDING)));
}

/** The stretches in which a defect's part is longer than `part` millimeters. */
export function stretchesOver(defect: GradedDefect, part: number, unit: number, count: number): number[] {
  const last = Math.min(count, Math.ceil(defect.to / unit - ROUNDING)) - 1;
  const stretches: number[] = [];
  for (let stretch = stretchAt(defect.from, unit, count); stretch <= last; stretch++) {
    const inside = Math.min(defect.to, (stretch + 1) * unit) - Math.max(defect.from, stretch * unit);
    if (exceeds(inside, part)) stretches.push(stretch);
  }
  return stretches;
}

/** Fills stretches in order with at most `each` points, until `total` is placed. The last one takes the rest. */
export function fillStretches(stretches: readonly number[], each: number, total: number): PlacedPoints[] {
  let rest = total;
  return stretches.map((stretch, index) => {
    const points = index === stretches.length - 1 ? rest : Math.min(each, rest);
    rest -= points;
    return { stretch, points };
  });
}

/** Sums the points of each stretch and caps them. */
export function sumStretches(
  placed: readonly { defect: string; places: readonly PlacedPoints[] }[],
  rollLength: number,
  unit: number,
  cap: number,
): RollStretch[] {
  const stretches = Array.from({ length: stretchCount(rollLength, unit) }, (_, index) => ({
    from: index * unit,
    to: Math.min(rollLength, (index + 1) * unit),
    points: 0,
    uncapped: 0,
    defects: [] as string[],
  }));
  for (const { defect, places } of placed) {
    for (const { stretch, points } of places) {
      if (points === 0) continue;
      stretches[stretch].uncapped += points;
      stretches[stretch].defects.push(defect);
    }
  }
  for (const stretch of stretches) stretch.points = Math.min(cap, stretch.uncapped);
  return stretches;
}
