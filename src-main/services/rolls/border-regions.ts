import { DEFAULT_SIZE_LIMITS } from '../../common/api/recipes.ts';
import type { Crop, Point } from '../../common/geometry.ts';
import type { RegionSizeLimits } from '../../common/maps/split-by-size.ts';

/** Map positions at each side in which patches reach over the border, so that their scores are higher. */
const BORDER = 3;

/** Limits by which a map has no regions at its borders. Every size counts. */
export const INSIDE_LIMITS: RegionSizeLimits = {
  sizeLimits: { ...DEFAULT_SIZE_LIMITS, unit: 'positions', minArea: 1, minLength: 0 },
  edgeMargin: BORDER,
  mmPerPixel: null,
};

interface Region {
  box: Crop;
  peak: Point;
}

/**
 * Leaves out regions that lie only along the borders. The suggested threshold is below the scores that good material has there; a
 * threshold that a person or a calibration set is not.
 *
 * @param inside the regions of the same map by `INSIDE_LIMITS`
 */
export function withoutBorderRegions<Any extends Region>(
  regions: readonly Any[],
  inside: readonly Region[],
): { regions: Any[]; notes: string[] } {
  const kept = regions.filter(({ box }) => inside.some(({ peak }) => contains(box, peak)));
  const left = regions.length - kept.length;
  if (left === 0) return { regions: kept, notes: [] };
  const were = left === 1 ? '1 region lies' : `${left} regions lie`;
  const note = `${were} only along the borders and ${left === 1 ? 'is' : 'are'} not listed, because the suggested threshold is too low there.`;
  return { regions: kept, notes: [note] };
}

function contains({ left, top, width, height }: Crop, { x, y }: Point): boolean {
  return x >= left && x < left + width && y >= top && y < top + height;
}
