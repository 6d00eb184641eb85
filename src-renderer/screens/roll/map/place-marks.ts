import { markPath, markSize, type MarkShape } from '../../../../src-main/common/charts/defect-marks.ts';
import { spanOf, type MapWindow } from '../../../state/rolls/map-window.ts';
import type { RollPart } from '../../../state/rolls/roll-geometry.ts';

/** What a mark shows of a defect. Places are in image pixels. */
export interface MarkedDefect {
  id: string;
  /** Its center, which may be outside of its region, and its bounding box. */
  along: number;
  across: number;
  box: RollPart;
  kind: string;
  points: number;
  /** Whether the grading rule counts it. */
  counted: boolean;
}

/** Where a map is drawn, in CSS pixels: the part of the roll and the area of its width. */
export interface MapArea {
  shown: MapWindow;
  /** Width of the roll in image pixels. */
  rollWidth: number;
  width: number;
  top: number;
  bottom: number;
}

export interface PlacedMark {
  id: string;
  x: number;
  y: number;
  size: number;
  shape: MarkShape;
  points: number;
  counted: boolean;
  /** The defect's bounding box, if it is larger than the mark. */
  extent: { x: number; y: number; width: number; height: number } | undefined;
}

export function xOf(along: number, { shown, width }: Pick<MapArea, 'shown' | 'width'>): number {
  return ((along - shown.from) / spanOf(shown)) * width;
}

export function alongAt(x: number, { shown, width }: Pick<MapArea, 'shown' | 'width'>): number {
  return shown.from + (x / Math.max(width, 1)) * spanOf(shown);
}

export function yOf(across: number, { rollWidth, top, bottom }: MapArea): number {
  return top + (across / Math.max(rollWidth, 1)) * (bottom - top);
}

export function acrossAt(y: number, { rollWidth, top, bottom }: MapArea): number {
  const share = (y - top) / Math.max(bottom - top, 1);
  return Math.min(Math.max(share, 0), 1) * rollWidth;
}

/** The marks in the shown part, those of most points last, because these are drawn over the others. */
export function placeMarks(
  defects: readonly MarkedDefect[],
  shapes: ReadonlyMap<string, MarkShape>,
  area: MapArea,
): PlacedMark[] {
  const alongScale = area.width / spanOf(area.shown);
  const acrossScale = (area.bottom - area.top) / Math.max(area.rollWidth, 1);
  return defects
    .map(({ id, along, across, box, kind, points, counted }) => {
      const [x, y] = [xOf(along, area), yOf(across, area)];
      const size = markSize(counted ? points : 0);
      const [width, height] = [box.length * alongScale, box.width * acrossScale];
      const corner = { x: xOf(box.along, area), y: yOf(box.across, area) };
      const extent = Math.max(width, height) > size ? { ...corner, width, height } : undefined;
      return { id, x, y, size, shape: shapes.get(kind) ?? 'circle', points, counted, extent };
    })
    .filter(({ x, size, extent }) => {
      const [left, right] = extent ? [extent.x, extent.x + extent.width] : [x, x];
      return Math.max(right, x + size) >= 0 && Math.min(left, x - size) <= area.width;
    })
    .sort((a, b) => Number(a.counted) - Number(b.counted) || a.points - b.points);
}

/** One SVG path of many marks. */
export function pathOfMarks(marks: readonly PlacedMark[]): string {
  return marks.map(({ shape, size, x, y }) => markPath(shape, size, x, y)).join('');
}

/** One SVG path of the extents of all marks that have one. */
export function pathOfExtents(marks: readonly PlacedMark[]): string {
  return marks
    .flatMap(({ extent }) => (extent ? [extent] : []))
    .map(
      ({ x, y, width, height }) =>
        `M${x.toFixed(1)} ${y.toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}h${(-width).toFixed(1)}z`,
    )
    .join('');
}

/** The mark nearest to a place, at most `reach` pixels from its edge. Of equally near ones, the topmost. */
export function markAt(
  marks: readonly PlacedMark[],
  x: number,
  y: number,
  reach: number,
): PlacedMark | undefined {
  let best: PlacedMark | undefined;
  let nearest = Infinity;
  for (const mark of marks) {
    const distance = Math.hypot(mark.x - x, mark.y - y);
    if (distance > mark.size / 2 + reach || distance > nearest) continue;
    best = mark;
    nearest = distance;
  }
  return best;
}
