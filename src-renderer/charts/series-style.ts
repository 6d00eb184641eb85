import { seriesMarks, type SeriesMark } from '../../src-main/common/charts/series.ts';

/** How one of several methods is drawn wherever it appears: told apart by color, by dash and by symbol. */
export interface SeriesStyle extends SeriesMark {
  /** Name of the color's role (styles/roles.css). */
  role: string;
}

/** So many methods can be told apart, and so many are compared at most. */
export const MOST_SERIES = seriesMarks.length;

export function seriesStyle(index: number): SeriesStyle {
  const place = index % MOST_SERIES;
  return { ...seriesMarks[place], role: `--series-${place + 1}` };
}
