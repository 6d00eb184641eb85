import type { Crop, Size } from '../../common/geometry.ts';

/** Map positions at each side in which patches reach over the border, so that their scores are higher. */
const BORDER = 3;

/** The map of a result: its size in positions, and the size of the image that it covers in pixels. */
interface MapExtent extends Size {
  extentWidth: number;
  extentHeight: number;
}

/**
 * Leaves out regions that lie wholly at a border of the image. The suggested threshold is below the scores that good material has
 * there; a threshold that a person or a calibration set is not.
 */
export function withoutBorderRegions<Region extends { box: Crop }>(
  regions: readonly Region[],
  image: Size,
  { width, height, extentWidth, extentHeight }: MapExtent,
): { regions: Region[]; notes: string[] } {
  const [x, y] = [(BORDER * extentWidth) / width, (BORDER * extentHeight) / height];
  const inside = regions.filter(
    ({ box }) =>
      box.left + box.width > x &&
      box.left < image.width - x &&
      box.top + box.height > y &&
      box.top < image.height - y,
  );
  const left = regions.length - inside.length;
  const were = left === 1 ? '1 region lies' : `${left} regions lie`;
  const note = `${were} wholly within ${Math.round(Math.max(x, y))} pixels of a border and is not listed, because the suggested threshold is too low there.`;
  return {
    regions: inside,
    notes: left === 0 ? [] : [left === 1 ? note : note.replace(' is not ', ' are not ')],
  };
}
