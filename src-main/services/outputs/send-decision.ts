import type { Recipe } from '../../common/api/recipes.ts';
import type { Piece } from '../../common/api/station.ts';
import { pixelSize } from '../../common/scale.ts';
import type { StoredStation } from '../../store/stations.ts';
import type { Store } from '../../store/store.ts';
import {
  type DecidedPiece,
  makeDecisionMessage,
  makeVerdictMessage,
  type PieceVerdict,
} from './make-message.ts';

/** Adds the message of a settled piece to the outbox, as part of the transaction that settles it. Each piece has one, in order. */
export function sendDecision(store: Store, station: StoredStation, piece: Piece): void {
  if (!store.outbox.isWanted(station.id)) return;
  store.outbox.add(station.id, makeDecisionMessage(describePiece(store, station, piece)));
}

/** Adds the message of an operator's verdict to the outbox, as part of the transaction that adds the verdict. */
export function sendVerdict(store: Store, station: StoredStation, piece: Piece, said: PieceVerdict): void {
  if (!store.outbox.isWanted(station.id)) return;
  store.outbox.add(station.id, makeVerdictMessage(describePiece(store, station, piece), said));
}

function describePiece(store: Store, station: StoredStation, piece: Piece): DecidedPiece {
  const { sequence, file, sha256, decision, reason, score, regions, regionsTotal, arrivedAt, decidedAt } =
    piece;
  const { name, revision, sha256: recipeSha256, definition } = recipeOf(store, station, piece);
  const { mmPerPixel } = definition;
  const { width, height } =
    piece.image === null ? { width: null, height: null } : store.images.get(piece.image);
  return {
    store: store.id,
    station,
    sequence,
    file,
    sha256,
    decision,
    reason,
    score,
    regions,
    regionsTotal,
    size: width === null ? null : { width, height },
    frame: piece.frame,
    thresholds: definition.thresholds,
    pixel: mmPerPixel === null ? undefined : pixelSize(mmPerPixel, station.rollDirection ?? 'down'),
    recipe: { name, revision, sha256: recipeSha256 },
    arrivedAt,
    decidedAt: decidedAt ?? arrivedAt,
  };
}

/** The revision that decided a piece, or the one that would have, if it could not be inspected. */
function recipeOf(store: Store, station: StoredStation, piece: Piece): Recipe['latest'] & { name: string } {
  const { id, name, latest } = store.recipes.get(piece.recipe ?? station.recipe);
  if (piece.revision === null || piece.revision === latest.revision) return { name, ...latest };
  const revisions = store.recipes.listRevisions(id);
  return { name, ...(revisions.find(({ revision }) => revision === piece.revision) ?? latest) };
}
