/** A method's dash pattern and symbol, the same in every chart. */
export interface SeriesMark {
  /** Lengths of dashes and gaps in pixels; empty for a solid line. */
  dash: readonly number[];
  symbol: 'circle' | 'rect' | 'triangle' | 'rectRot' | 'star' | 'cross';
}

export const seriesMarks: readonly SeriesMark[] = [
  { dash: [], symbol: 'circle' },
  { dash: [7, 3], symbol: 'rect' },
  { dash: [2, 3], symbol: 'triangle' },
  { dash: [9, 3, 2, 3], symbol: 'rectRot' },
  { dash: [4, 2], symbol: 'star' },
  { dash: [12, 4], symbol: 'cross' },
];

/** Outlines of the symbols around the origin, as SVG paths. */
const symbols: Record<SeriesMark['symbol'], string> = {
  circle: 'M-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z',
  rect: 'M-2.5 -2.5h5v5h-5z',
  triangle: 'M0 -3.5l3.5 6h-7z',
  rectRot: 'M0 -4l4 4l-4 4l-4 -4z',
  star: 'M0 -4v8M-3.5 -2l7 4M3.5 -2l-7 4',
  cross: 'M0 -4v8M-4 0h8',
};

/** Colors for paper that are distinct for color-blind readers and in grayscale (Okabe and Ito). */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#8a6d00', '#56b4e9', '#000000'];

/** A method's mark. @param index index of the method among those compared */
export const markOf = (index: number): SeriesMark => seriesMarks[index % seriesMarks.length];

export const symbolOf = (index: number): string => symbols[markOf(index).symbol];

/** SVG attributes of a method's line. A page may override the color by the class. */
export function strokeOf(index: number): string {
  const { dash } = markOf(index);
  const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
  return `class="series-${index + 1}" stroke="${colorOf(index)}"${dashes}`;
}

/** A method's symbol as SVG. */
export function symbolAt(index: number, x: number, y: number): string {
  return `<path class="series-${index + 1} symbol" d="${symbolOf(index)}" transform="translate(${x} ${y})" stroke="${colorOf(index)}" fill="#fff" stroke-width="1.6"/>`;
}

/** A short piece of a method's line with its symbol, for legends. */
export function lineSampleAt(index: number, x: number, y: number): string {
  return `<path d="M${x} ${y}h28" ${strokeOf(index)} fill="none" stroke-width="1.6"/>${symbolAt(index, x + 14, y)}`;
}

const colorOf = (index: number) => COLORS[index % COLORS.length];
