import type { RollDirection } from '../../../src-main/common/api/rolls.ts';
import type { Point, Size } from '../../viewer/viewport.ts';

/** A rectangle on a roll, in image pixels. */
export interface RollPart {
  along: number;
  length: number;
  across: number;
  width: number;
}

/** A rectangle of the image as a part of the roll. */
export function partOf({ x, y, width, height }: Point & Size, direction: RollDirection): RollPart {
  return direction === 'down'
    ? { along: y, length: height, across: x, width }
    : { along: x, length: width, across: y, width: height };
}

/** The image position at a place on the roll. */
export function imagePoint(
  { along, across }: { along: number; across: number },
  direction: RollDirection,
): Point {
  return direction === 'down' ? { x: across, y: along } : { x: along, y: across };
}
