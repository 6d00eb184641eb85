import type { Point } from '../../common/geometry.ts';
import type { Roll, RollDefect, RollPlace } from '../../common/api/rolls.ts';

/** A region in pixels of its image. */
export interface PixelRegion {
  box: RollDefect['box'];
  center: Point;
  area: number;
}

/** Where a region lies on its roll: in pixels, and in millimeters if the roll has a scale. */
export function placeRegion(
  { box, center, area }: PixelRegion,
  { direction, scale }: Pick<Roll, 'direction' | 'scale'>,
): { px: RollPlace; mm: RollPlace | null } {
  const px =
    direction === 'down'
      ? { along: center.y, across: center.x, length: box.height, width: box.width, area }
      : { along: center.x, across: center.y, length: box.width, width: box.height, area };
  if (!scale) return { px, mm: null };
  const mm = {
    along: px.along * scale.along,
    across: px.across * scale.across,
    length: px.length * scale.along,
    width: px.width * scale.across,
    area: area * scale.along * scale.across,
  };
  return { px, mm };
}
