import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PieceMessage } from '../../../common/api/decision-message.ts';
import type { Store } from '../../../store/store.ts';

/** The station whose files an output writes, moves or copies. */
export interface StationFiles {
  store: Store;
  station: number;
  folder: string;
}

/** Where a piece's file arrived. */
export function arrivedAt({ folder }: StationFiles, { piece }: PieceMessage): string {
  return join(folder, ...piece.file.split('/'));
}

/** Where a piece's file is: where it arrived, or where another output has moved it. */
export function currentPath(files: StationFiles, message: PieceMessage): string {
  const arrived = arrivedAt(files, message);
  if (existsSync(arrived)) return arrived;
  return rowOf(files, message.piece.sequence)?.path ?? arrived;
}

/** The piece with a sequence, its image, and where the file is; undefined after the station was removed. */
export function rowOf(
  { store, station }: Pick<StationFiles, 'store' | 'station'>,
  sequence: number,
): { id: number; image: number | null; path: string | null } | undefined {
  return store.database
    .prepare<[number, number], { id: number; image: number | null; path: string | null }>(
      `SELECT p.id, p.image_id AS image, i.path FROM pieces AS p LEFT JOIN images AS i ON i.id = p.image_id
       WHERE p.station_id = ? AND p.sequence = ?`,
    )
    .get(station, sequence);
}

/** The same file in another folder, with its subfolders. */
export function inFolder(folder: string, { piece }: PieceMessage): string {
  return join(folder, ...piece.file.split('/'));
}
