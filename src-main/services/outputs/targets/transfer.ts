import { existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import type { PieceMessage } from '../../../common/api/decision-message.ts';
import type { ErrorReport } from '../../../common/api/errors.ts';
import { sha256Of } from '../../../files/sha256.ts';
import { writeError } from '../../../files/write.ts';
import { assertWritable } from './assert-writable.ts';
import { findPlace, placeFile } from './place-file.ts';
import { arrivedAt, inFolder, rowOf, type StationFiles } from './piece-file.ts';
import { SIDECAR } from './sidecar.ts';
import type { Target, TargetOf } from './target.ts';

/** Moves or copies the files of decided pieces to the folder of their decision. No file is overwritten. */
export function openTransfer({ type, folders }: TargetOf<'move' | 'copy'>, files: StationFiles): Target {
  return {
    async deliver(message) {
      // A verdict changes no decision of the recipe, so the file stays where it is.
      if (message.kind !== 'decision') return undefined;
      const folder = folders[message.decision ?? 'none'];
      if (folder === null) return undefined;
      const source = arrivedAt(files, message);
      const { sha256 } = message.piece;
      const { path, isDone } = await findPlace(inFolder(folder, message), sha256);
      const isThere = existsSync(source);
      if (!isDone) {
        if (!isThere)
          return sha256 === null
            ? undefined
            : refusal(`${source} no longer exists, so it was not ${past(type)}.`);
        if (sha256 !== null && (await sha256Of(source)) !== sha256)
          return refusal(`${source} has changed since its decision, so it was not ${past(type)}.`);
        await placeFile(source, path, { id: message.id, move: type === 'move' });
      }
      if (type === 'move') await leave(files, source, path, message, isThere);
      return undefined;
    },
    async test() {
      for (const folder of Object.values(folders)) if (folder !== null) await assertWritable(folder);
    },
    close: async () => {},
  };
}

const past = (type: 'move' | 'copy') => (type === 'move' ? 'moved' : 'copied');

const refusal = (message: string): ErrorReport => ({ code: 'IMAGE_CHANGED', message });

/** Removes the file that is in its new place now, takes its messages along, and records the place. */
async function leave(
  { store, station, folder }: StationFiles,
  source: string,
  path: string,
  { id, piece }: PieceMessage,
  isThere: boolean,
): Promise<void> {
  try {
    // A new file of the same name may have arrived meanwhile.
    if (isThere && (piece.sha256 === null || (await sha256Of(source)) === piece.sha256))
      await rm(source, { force: true });
    await moveSidecar(source + SIDECAR, path + SIDECAR, id);
  } catch (cause) {
    throw writeError(source, cause);
  }
  const { size: bytes, mtimeMs, ctimeMs } = await stat(path);
  const moved = rowOf({ store, station }, piece.sequence);
  if (!moved) return;
  store.transaction(() => {
    if (moved.image !== null) store.images.moveFile(moved.image, source, { path, mtimeMs, ctimeMs });
    // Its file still exists, so that a new file with the same content is not taken for this one renamed.
    const file = relative(folder, path).replaceAll(sep, '/');
    store.pieces.setFile(moved.id, { file, bytes, mtimeMs, sha256: piece.sha256 });
  });
}

async function moveSidecar(from: string, to: string, id: string): Promise<void> {
  if (!existsSync(from) || existsSync(to)) return;
  await placeFile(from, to, { id, move: true });
  await rm(from);
}
