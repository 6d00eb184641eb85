import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredStation } from '../../store/stations.ts';
import type { Store } from '../../store/store.ts';

/** Records that are looked at at once. */
const CHUNK = 200;

/**
 * Removes old records whose files are gone. A file that is still there keeps its record, by which it is known and not decided again.
 *
 * @param after sequence of the last record that was looked at
 * @param isThere whether the folder is there: the files of a missing one are not gone
 * @returns the new `after`; 0 after the last record
 */
export async function removeRecords(
  store: Store,
  { id, folder, keep }: StoredStation,
  after: number,
  isThere: () => Promise<boolean>,
): Promise<number> {
  if (keep.records === null) return 0;
  const expired = store.pieces.listExpired(id, { records: keep.records, after, limit: CHUNK });
  const gone = await Promise.all(expired.map(async (piece) => await isGone(join(folder, piece.file))));
  // Looks at the folder last: it may have vanished meanwhile.
  if (expired.length === 0 || !(await isThere())) return 0;
  store.pieces.remove(expired.filter((_, at) => gone[at]).map((piece) => piece.id));
  return expired.length < CHUNK ? 0 : expired[expired.length - 1].sequence;
}

async function isGone(path: string): Promise<boolean> {
  return stat(path).then(
    () => false,
    (cause: NodeJS.ErrnoException) => cause.code === 'ENOENT' || cause.code === 'ENOTDIR',
  );
}
