/** The part of a roll's length that its map shows, in image pixels. */
export interface MapWindow {
  from: number;
  to: number;
}

/** The shortest part that a map shows, in image pixels. */
const MIN_SPAN = 64;

export function wholeRoll(length: number): MapWindow {
  return { from: 0, to: Math.max(length, 1) };
}

export const spanOf = ({ from, to }: MapWindow): number => to - from;

/** A window of a span around a position, moved inside the roll. */
export function windowAround(at: number, span: number, length: number): MapWindow {
  const whole = spanOf(wholeRoll(length));
  const kept = Math.min(Math.max(span, Math.min(MIN_SPAN, whole)), whole);
  const from = Math.min(Math.max(at - kept / 2, 0), whole - kept);
  return { from, to: from + kept };
}

/**
 * Zooms, and keeps the position `at` at its place in the window as far as the roll's ends allow.
 *
 * @param factor above 1 to zoom in
 */
export function zoomWindow(shown: MapWindow, factor: number, at: number, length: number): MapWindow {
  const span = spanOf(windowAround(at, spanOf(shown) / factor, length));
  const share = (at - shown.from) / spanOf(shown);
  return windowAround(at + (0.5 - share) * span, span, length);
}

/** Moves the window by a part of its span. */
export function panWindow(shown: MapWindow, share: number, length: number): MapWindow {
  const span = spanOf(shown);
  return windowAround((shown.from + shown.to) / 2 + share * span, span, length);
}

/** The window, moved only if a range is not inside it; widened if the range does not fit. */
export function reveal(shown: MapWindow, { from, to }: MapWindow, length: number): MapWindow {
  if (from >= shown.from && to <= shown.to) return shown;
  return windowAround((from + to) / 2, Math.max(spanOf(shown), 1.2 * (to - from)), length);
}
