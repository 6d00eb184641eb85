/** How one of several methods is drawn wherever it appears: told apart by colour, by dash and by symbol. */
export interface SeriesStyle {
  /** Name of the colour's role (styles/roles.css). */
  role: string;
  /** Lengths of dashes and gaps in pixels; none for a solid line. */
  dash: number[];
  symbol: 'circle' | 'rect' | 'triangle' | 'rectRot' | 'star' | 'cross';
}

const styles: readonly SeriesStyle[] = [
  { role: '--series-1', dash: [], symbol: 'circle' },
  { role: '--series-2', dash: [7, 3], symbol: 'rect' },
  { role: '--series-3', dash: [2, 3], symbol: 'triangle' },
  { role: '--series-4', dash: [9, 3, 2, 3], symbol: 'rectRot' },
  { role: '--series-5', dash: [4, 2], symbol: 'star' },
  { role: '--series-6', dash: [12, 4], symbol: 'cross' },
];

/** So many methods can be told apart, and so many are compared at most. */
export const MOST_SERIES = styles.length;

export function seriesStyle(index: number): SeriesStyle {
  return styles[index % styles.length];
}
