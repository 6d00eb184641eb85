import type { Piece } from '../../../src-main/common/api/station.ts';

/** Pieces that a page keeps while it follows the newest one: its memory does not grow over days. */
export const KEPT_PIECES = 200;
/** Pieces that it keeps while a person looks at an older one. */
export const HELD_PIECES = 2000;

/** Adds pieces to a list in order of arrival. A piece that is listed already is replaced; of too many, the newest stay. */
export function mergePieces(
  listed: readonly Piece[],
  added: readonly Piece[],
  kept: number,
): readonly Piece[] {
  const bySequence = new Map(listed.map((piece) => [piece.sequence, piece]));
  for (const piece of added) bySequence.set(piece.sequence, piece);
  const merged = [...bySequence.values()];
  // Most pieces arrive in order.
  if (merged.some(({ sequence }, at) => at > 0 && sequence < merged[at - 1].sequence))
    merged.sort((a, b) => a.sequence - b.sequence);
  return merged.slice(-kept);
}

/** Whether a piece can be shown: it was inspected, or it failed, which a person must see. */
export function isSettled({ state }: Piece): boolean {
  return state === 'decided' || state === 'failed';
}

/**
 * The piece some steps after another one among those that can be shown, up to the ends of the list.
 *
 * @param from sequence of a piece that may have left the list
 */
export function stepPiece(
  pieces: readonly Piece[],
  from: number | undefined,
  steps: number,
): Piece | undefined {
  const shown = pieces.filter(isSettled);
  if (from === undefined) return shown.at(-1);
  const at = shown.findIndex(({ sequence }) => sequence >= from);
  // After the end of the list, or between two of its pieces: one step back is the piece before.
  const base = at < 0 ? shown.length : at;
  const exact = shown[base]?.sequence === from;
  const target = base + steps - (!exact && steps > 0 ? 1 : 0);
  return shown[Math.min(Math.max(target, 0), shown.length - 1)];
}
