import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PerchError } from '../../common/api/errors.ts';
import { sha256Of } from '../../files/sha256.ts';
import type { Piece } from '../../common/api/station.ts';
import type { PieceFile } from '../../store/pieces.ts';
import type { StoredStation } from '../../store/stations.ts';
import type { Store } from '../../store/store.ts';

/**
 * Makes a whole file a piece, unless it is one: a file is known by its name, size and time, and after it is read by its content. A
 * renamed file stays the piece that it is. Another file with the content of a piece is its duplicate.
 *
 * @returns the piece that was added or that has changed; undefined if nothing changed
 * @throws PerchError store errors
 */
export async function registerArrival(
  store: Store,
  station: StoredStation,
  file: PieceFile,
): Promise<Piece | undefined> {
  const known = store.pieces.findByFile(station.id, file.file);
  const isKnown = known?.bytes === file.bytes && known.mtimeMs === file.mtimeMs;
  if (isKnown && known.state !== 'dropped') return undefined;
  const arrivedAt = new Date().toISOString();
  const sha256 = await contentOf(join(station.folder, file.file));
  if (sha256 === 'gone') return undefined;
  const changed = (id: number) => {
    store.pieces.setFile(id, { ...file, sha256 });
    return store.pieces.get(id);
  };
  // Its content was replaced before its turn.
  if (known?.state === 'waiting') return changed(known.id);
  if (sha256 === null) return store.pieces.get(store.pieces.add(station.id, { ...file, sha256, arrivedAt }));

  const same = store.pieces.listByContent(station.id, sha256).filter(({ state }) => state !== 'dropped');
  const touched = same.find((piece) => piece.file === file.file);
  if (touched) return changed(touched.id);
  for (const piece of same) {
    if (await exists(join(station.folder, piece.file))) continue;
    return store.transaction(() => {
      const path = join(station.folder, file.file);
      if (piece.image !== null && piece.duplicateOf === null)
        store.images.rename(piece.image, path, file.file);
      return changed(piece.id);
    });
  }
  const duplicateOf = same.find((piece) => piece.duplicateOf === null)?.id;
  const piece = { ...file, sha256, arrivedAt, ...(duplicateOf !== undefined && { duplicateOf }) };
  return store.pieces.get(store.pieces.add(station.id, piece));
}

/** The SHA-256 of a file; null if it cannot be read now. Its inspection then says why. */
async function contentOf(path: string): Promise<string | null | 'gone'> {
  try {
    return await sha256Of(path);
  } catch (thrown) {
    if (thrown instanceof PerchError && thrown.code === 'NOT_FOUND') return 'gone';
    return null;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (cause: NodeJS.ErrnoException) => cause.code !== 'ENOENT' && cause.code !== 'ENOTDIR',
  );
}
