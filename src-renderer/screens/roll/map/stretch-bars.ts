import type { RollStretch } from '../../../../src-main/common/api/grading.ts';
import { xOf, type MapArea } from './place-marks.ts';
import type { Rows } from './map-layout.ts';

/** The points of a stretch as a bar. */
export interface StretchBar {
  from: number;
  x: number;
  width: number;
  top: number;
  height: number;
  /** Height of the points above the rule's limit for a stretch, on top of the bar. */
  above: number;
  points: number;
  uncapped: number;
}

/** Bars of the shown stretches with points. The highest stretch of the whole roll fills the height. */
export function stretchBars(
  stretches: readonly RollStretch[],
  mmPerPixel: number,
  area: Pick<MapArea, 'shown' | 'width'>,
  { top, bottom }: Rows,
): StretchBar[] {
  const highest = Math.max(1, ...stretches.map(({ uncapped }) => uncapped));
  const heightOf = (points: number) => ((bottom - top) * points) / highest;
  return stretches
    .filter(({ uncapped }) => uncapped > 0)
    .map(({ from, to, points, uncapped }) => {
      const x = xOf(from / mmPerPixel, area);
      const end = xOf(to / mmPerPixel, area);
      const height = heightOf(points);
      return {
        from,
        x,
        // A pixel of space between bars, if they are wide enough.
        width: Math.max(end - x - (end - x > 4 ? 1 : 0), 1),
        top: bottom - height,
        height,
        above: heightOf(uncapped - points),
        points,
        uncapped,
      };
    })
    .filter(({ x, width }) => x + width >= 0 && x <= area.width);
}
