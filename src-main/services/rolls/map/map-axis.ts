import type { Roll, RollDefect, RollPlace } from '../../../common/api/rolls.ts';
import { type LengthUnit, toUnit, type UnitSystem } from '../../../common/length-text.ts';

/** The units of a roll's map: those of the unit system, or pixels for a roll without a scale. */
export interface MapUnits {
  along: LengthUnit | 'px';
  across: LengthUnit | 'px';
  /** The roll's size in these units. */
  length: number;
  width: number;
}

export function mapUnits(roll: Roll, system: UnitSystem): MapUnits {
  const { scale, lengthPixels, widthPixels } = roll;
  if (!scale) return { along: 'px', across: 'px', length: lengthPixels, width: widthPixels };
  const [along, across]: [LengthUnit, LengthUnit] = system === 'mm' ? ['m', 'cm'] : ['yd', 'in'];
  return {
    along,
    across,
    length: toUnit(lengthPixels * scale.along, along),
    width: toUnit(widthPixels * scale.across, across),
  };
}

/** A defect's place in the units of the map. */
export function placeIn({ px, mm }: Pick<RollDefect, 'px' | 'mm'>, { along, across }: MapUnits): RollPlace {
  if (along === 'px' || across === 'px' || !mm) return px;
  return {
    along: toUnit(mm.along, along),
    length: toUnit(mm.length, along),
    across: toUnit(mm.across, across),
    width: toUnit(mm.width, across),
    area: mm.area,
  };
}

/** A position along in the unit of the map, from millimeters or, for a roll without a scale, pixels. */
export function alongIn(position: number, { along }: MapUnits): number {
  return along === 'px' ? position : toUnit(position, along);
}
