/** Occurrences in a row that may be missing. */
const LONGEST_GAP = 6;

/** Number of latest occurrences that predict the next place, so that a pitch that drifts slowly is followed. */
const MEMORY = 8;

/** A defect of a sequence: its index among the places, and its number in the sequence. */
export interface Occurrence {
  index: number;
  number: number;
}

/** Occurrences at a constant pitch, and the half widths of the windows in which they were looked for. */
export interface Sequence {
  occurrences: Occurrence[];
  windows: number[];
}

/**
 * Continues a sequence from two places, from place to place at the pitch of its latest occurrences, until too many in a row
 * are missing.
 *
 * @param places in ascending order
 * @param mirrored the negative places, in ascending order
 * @param first, second indices of the two places
 * @param tolerance largest deviation of a place from the constant pitch
 */
export function followSequence(
  places: readonly number[],
  mirrored: readonly number[],
  first: number,
  second: number,
  tolerance: number,
): Sequence {
  const forward = followForward(places, first, second, tolerance);
  const backward = followForward(mirrored, places.length - 1 - second, places.length - 1 - first, tolerance);
  const before = backward.occurrences
    .slice(2)
    .map(({ index, number }) => ({ index: places.length - 1 - index, number: 1 - number }))
    .reverse();
  return {
    occurrences: [...before, ...forward.occurrences],
    windows: [...backward.windows, ...forward.windows],
  };
}

function followForward(
  places: readonly number[],
  first: number,
  second: number,
  tolerance: number,
): Sequence {
  const occurrences: Occurrence[] = [
    { index: first, number: 0 },
    { index: second, number: 1 },
  ];
  const windows: number[] = [];
  let skipped: number[] = [];
  while (skipped.length <= LONGEST_GAP) {
    const latest = occurrences.slice(-MEMORY);
    const last = latest[latest.length - 1];
    const number = last.number + skipped.length + 1;
    const { start, pitch } = fitPitch(latest, places);
    const window = Math.min(
      pitch / 4,
      tolerance * (1 + (2 * (number - last.number)) / (last.number - latest[0].number)),
    );
    skipped.push(window);
    const index = nearest(places, start + number * pitch, window, last.index + 1);
    if (index === null) continue;
    occurrences.push({ index, number });
    windows.push(...skipped);
    skipped = [];
  }
  return { occurrences, windows };
}

/** The line through the places of occurrences by least squares: the place of number 0, and the pitch. */
export function fitPitch(
  occurrences: readonly Occurrence[],
  places: readonly number[],
): { start: number; pitch: number } {
  const count = occurrences.length;
  let numbers = 0;
  let sum = 0;
  for (const { index, number } of occurrences) {
    numbers += number;
    sum += places[index];
  }
  let covariance = 0;
  let variance = 0;
  for (const { index, number } of occurrences) {
    covariance += (number - numbers / count) * (places[index] - sum / count);
    variance += (number - numbers / count) ** 2;
  }
  const pitch = covariance / variance;
  return { start: sum / count - (pitch * numbers) / count, pitch };
}

/** The index of the place nearest to `target` within `window`, from index `from` on. */
function nearest(places: readonly number[], target: number, window: number, from: number): number | null {
  const next = firstAtLeast(places, target, from);
  let best: number | null = null;
  for (const index of [next - 1, next]) {
    if (index < from || index >= places.length) continue;
    const distance = Math.abs(places[index] - target);
    if (distance <= window && (best === null || distance < Math.abs(places[best] - target))) best = index;
  }
  return best;
}

/** The first index from `from` on whose value is at least `target`, in ascending values. */
export function firstAtLeast(values: readonly number[], target: number, from = 0): number {
  let low = from;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < target) low = middle + 1;
    else high = middle;
  }
  return low;
}
