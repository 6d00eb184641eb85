import type { StoredStation } from '../../store/stations.ts';
import type { Store } from '../../store/store.ts';

/** Pieces that are pruned at once, so that no decision waits for long. */
const CHUNK = 50;

/** Removes the images, maps and thumbnails of pieces that a station no longer keeps. Its files are not touched. @returns whether more are left */
export function pruneStation(store: Store, { id, keep }: StoredStation): boolean {
  const prunable = store.pieces.listPrunable(id, keep, CHUNK);
  if (prunable.length === 0) return false;
  const blobs = store.transaction(() => prunable.flatMap((piece) => store.pieces.prune(piece)));
  store.blobs.discard(blobs);
  return prunable.length === CHUNK;
}
