import type { RollDefect } from '../../../common/api/rolls.ts';
import type { Crop, Size } from '../../../common/geometry.ts';

/** The shortest and longest side of a picture's part of the image, in pixels. */
const SIDES = { least: 96, most: 1600 };

/** The defects with the most points, and then the highest scores, that no person has accepted. */
export function worstDefects(defects: readonly RollDefect[], count: number): RollDefect[] {
  return defects
    .filter(({ assessment }) => assessment?.verdict !== 'accept')
    .sort((a, b) => b.points - a.points || b.score - a.score)
    .slice(0, count);
}

/**
 * A square part of the image around a defect, moved to lie inside. It is no longer than the image's shorter side: of a longer defect, it
 * shows the surroundings of the highest score.
 */
export function partAround({ box, id }: Pick<RollDefect, 'box' | 'id'>, image: Size): Crop {
  const wanted = Math.max(SIDES.least, Math.ceil(1.5 * Math.max(box.width, box.height)));
  const side = Math.min(wanted, SIDES.most, Math.max(SIDES.least, Math.min(image.width, image.height)));
  const [x, y] = id.split(',').map(Number);
  const along = (start: number, length: number, peak: number, size: number): [number, number] => {
    const fitted = Math.min(side, size);
    const center = length > side ? peak : start + length / 2;
    return [Math.min(Math.max(0, Math.round(center - fitted / 2)), size - fitted), fitted];
  };
  const [left, width] = along(box.left, box.width, x, image.width);
  const [top, height] = along(box.top, box.height, y, image.height);
  return { left, top, width, height };
}
