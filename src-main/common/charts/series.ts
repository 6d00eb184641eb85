/** How one of several methods is drawn wherever it appears, besides its colour: told apart by dash and by symbol. */
export interface SeriesMark {
  /** Lengths of dashes and gaps in pixels; none for a solid line. */
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

/** The outline of a symbol around the origin, as an SVG path. */
const symbols: Record<SeriesMark['symbol'], string> = {
  circle: 'M-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z',
  rect: 'M-2.5 -2.5h5v5h-5z',
  triangle: 'M0 -3.5l3.5 6h-7z',
  rectRot: 'M0 -4l4 4l-4 4l-4 -4z',
  star: 'M0 -4v8M-3.5 -2l7 4M3.5 -2l-7 4',
  cross: 'M0 -4v8M-4 0h8',
};

/** Colours on paper that stay apart for colour-blind eyes and in gray (Okabe & Ito). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#8a6d00', '#56b4e9', '#000000'];

/** The mark of the method at a place among those that are compared. */
export const markOf = (place: number): SeriesMark => seriesMarks[place % seriesMarks.length];

export const symbolOf = (place: number): string => symbols[markOf(place).symbol];

/** Attributes of a line of the method at a place. A page may give its class another colour. */
export function strokeOf(place: number): string {
  const { dash } = markOf(place);
  const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
  return `class="series-${place + 1}" stroke="${colorOf(place)}"${dashes}`;
}

/** The symbol of the method at a place, as SVG. */
export function symbolAt(place: number, x: number, y: number): string {
  return `<path class="series-${place + 1} symbol" d="${symbolOf(place)}" transform="translate(${x} ${y})" stroke="${colorOf(place)}" fill="#fff" stroke-width="1.6"/>`;
}

/** A piece of the method's line with its symbol, as legends have it. */
export function sampleAt(place: number, x: number, y: number): string {
  return `<path d="M${x} ${y}h28" ${strokeOf(place)} fill="none" stroke-width="1.6"/>${symbolAt(place, x + 14, y)}`;
}

const colorOf = (place: number) => COLOURS[place % COLOURS.length];
