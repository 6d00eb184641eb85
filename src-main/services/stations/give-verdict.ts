import { PerchError } from '../../common/api/errors.ts';
import type { Verdict } from '../../common/api/sessions.ts';
import type { Piece } from '../../common/api/station.ts';
import type { Store } from '../../store/store.ts';
import { sendVerdict } from '../outputs/send-decision.ts';
import { shiftAt } from './shift-at.ts';

export interface PieceVerdict {
  piece: number;
  verdict: Verdict;
  defectType: string;
  note: string;
  operator: string;
}

/**
 * Adds an operator's verdict on a piece to his review session of the current shift, which is created for the first one. It is a
 * verdict like any other.
 *
 * @throws PerchError `NOT_FOUND`, `CONFLICT` if the piece has no image
 */
export function giveVerdict(store: Store, { piece: id, operator, ...said }: PieceVerdict): Piece {
  return store.transaction(() => {
    const piece = store.pieces.get(id);
    if (piece.image === null)
      throw new PerchError(
        'CONFLICT',
        `Piece ${piece.sequence} (${piece.file}) has no image in the store, so it can have no verdict: ` +
          (piece.pruned
            ? 'it was pruned.'
            : piece.state === 'waiting'
              ? 'it waits for its decision.'
              : 'it was not inspected.'),
      );
    const station = store.stations.get(piece.station);
    const { shift } = shiftAt(new Date(), station.shifts);
    const session = sessionOf(store, piece, { shift, operator });
    store.sessions.include(session, piece.image);
    const { at } = store.verdicts.add(session, { image: piece.image, ...said });
    store.pieces.linkVerdict(id, session);
    const reviewed = store.pieces.get(id);
    sendVerdict(store, station, reviewed, { ...said, operator, at });
    return reviewed;
  });
}

function sessionOf(
  store: Store,
  piece: Piece,
  { shift, operator }: { shift: string; operator: string },
): number {
  const station = store.stations.get(piece.station);
  const known = store.stationShifts.findSession(station.id, shift, operator);
  if (known !== undefined) {
    if (store.sessions.get(known).endedAt !== null) store.sessions.reopen(known);
    return known;
  }
  const method = piece.result === null ? null : store.results.get(piece.result).method;
  const { id } = store.sessions.add({
    dataset: station.dataset,
    operator,
    method,
    images: [],
    filter: `station ${station.name}`,
    name: `${station.name}, ${shift}`,
  });
  store.stationShifts.addSession(station.id, shift, operator, id);
  return id;
}
