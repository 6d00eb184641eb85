import { seriesMarks, type SeriesMark } from '../../src-main/common/charts/series.ts';

/** Style of one of several methods. Methods differ in color, dash pattern and symbol. */
export interface SeriesStyle extends SeriesMark {
  /** Color token (styles/tokens.css). */
  token: string;
}

/** Maximum number of methods that can be compared, because each has its own style. */
export const MAX_SERIES = seriesMarks.length;

export function seriesStyle(index: number): SeriesStyle {
  const style = index % MAX_SERIES;
  return { ...seriesMarks[style], token: `--series-${style + 1}` };
}
