/** Height of the parts of a roll's map, in CSS pixels. */
export const AXIS = 20;
export const OVERVIEW = 12;
const GAP = 6;
const BARS = 30;
/** The roll is at least this high; bars are left out where there is no room for both. */
const MIN_BAND = 56;

/** Top and bottom of a part of the map. */
export interface Rows {
  top: number;
  bottom: number;
}

export interface MapLayout {
  /** The roll. */
  band: Rows;
  /** Points of each stretch; undefined without a grade or room. */
  bars: Rows | undefined;
  /** The whole roll with the shown part. */
  overview: Rows;
}

export function mapLayout(height: number, hasPoints: boolean): MapLayout {
  const overview = { top: height - OVERVIEW, bottom: height };
  const end = overview.top - GAP;
  const bars =
    hasPoints && end - GAP - BARS - AXIS >= MIN_BAND ? { top: end - BARS, bottom: end } : undefined;
  return { band: { top: AXIS, bottom: bars ? bars.top - GAP : end }, bars, overview };
}
