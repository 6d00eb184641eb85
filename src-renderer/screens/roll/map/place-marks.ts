import { markPath, markSize, type MarkShape } from '../../../../src-main/common/charts/defect-marks.ts';
import { spanOf, type MapWindow } from '../../../state/rolls/map-window.ts';

/** What a mark shows of a defect. Places are in image pixels. */
export interface MarkedDefect {
  id: string;
  along: number;
  across: number;
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
  return defects
    .map(({ id, along, across, kind, points, counted }) => ({
      id,
      x: xOf(along, area),
      y: yOf(across, area),
      size: markSize(counted ? points : 0),
      shape: shapes.get(kind) ?? 'circle',
      points,
      counted,
    }))
    .filter(({ x, size }) => x >= -size && x <= area.width + size)
    .sort((a, b) => Number(a.counted) - Number(b.counted) || a.points - b.points);
}

/** One SVG path of many marks. */
export function pathOfMarks(marks: readonly PlacedMark[]): string {
  return marks.map(({ shape, size, x, y }) => markPath(shape, size, x, y)).join('');
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
