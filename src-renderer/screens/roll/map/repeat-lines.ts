import type { Roll, RollRepeat } from '../../../../src-main/common/api/rolls.ts';
import { formatLength, type UnitSystem } from '../../../../src-main/common/length-text.ts';
import { counted, formatCount } from '../../../format/numbers.ts';
import { xOf, yOf, type MapArea } from './place-marks.ts';

/** A repeating defect as a line through its lane. */
export interface RepeatLine {
  id: number;
  y: number;
  from: number;
  to: number;
  /** Middle of the visible part, for the label. */
  middle: number;
  repeat: RollRepeat;
}

/** Lines of the shown repeating defects. */
export function repeatLines(
  repeats: readonly RollRepeat[],
  scale: Roll['scale'],
  area: MapArea,
): RepeatLine[] {
  return repeats.flatMap((repeat) => {
    const perPixel = (repeat.unit === 'mm' && scale) || { along: 1, across: 1 };
    const from = xOf(repeat.from / perPixel.along, area);
    const to = xOf(repeat.to / perPixel.along, area);
    if (to < 0 || from > area.width) return [];
    const y = yOf(repeat.across / perPixel.across, area);
    const middle = (Math.max(from, 0) + Math.min(to, area.width)) / 2;
    return [{ id: repeat.id, y, from, to, middle, repeat }];
  });
}

/** "1 missing, ±3.2 mm, 0.004 expected by chance": how sure a repeat is. */
export function certaintyText(
  { missing, jitter, unit, falseAlarms }: Pick<RollRepeat, 'missing' | 'jitter' | 'unit' | 'falseAlarms'>,
  system: UnitSystem,
): string {
  const off = unit === 'mm' ? formatLength(jitter, system) : `${jitter.toFixed(1)} px`;
  const chance = falseAlarms < 1e-6 ? 'less than 0.000001' : String(Number(falseAlarms.toPrecision(1)));
  return [
    missing > 0 ? `${missing} missing` : 'none missing',
    `±${off}`,
    `${chance} expected by chance`,
  ].join(', ');
}

/** "every 62.8 cm, 7 times" */
export function repeatText(
  { pitch, unit, count }: Pick<RollRepeat, 'pitch' | 'unit' | 'count'>,
  system: UnitSystem,
): string {
  const length = unit === 'mm' ? formatLength(pitch, system) : `${formatCount(Math.round(pitch))} px`;
  return `every ${length}, ${counted(count, 'time')}`;
}
