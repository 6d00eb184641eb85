import { join } from 'node:path';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import { listBackups, oldCopies, removeOldCopies } from '../../store/backups.ts';
import { DerivedFiles } from '../../files/derived-files/derived-files.ts';
import { PIXEL_FILES_FOLDER } from '../../files/large-image-folders.ts';
import { FeatureFiles } from '../../methods/set-statistics/feature-files.ts';
import type { Store } from '../../store/store.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { FEATURES_FOLDER } from './features-folder.ts';
import type { Services } from '../types.ts';
import { countUnusedUploads, removeUnusedUploads } from '../datasets/uploads.ts';

/** The store's size, and diagnostics of everything that Perch needs. */
export function openStorage(store: Store, engine: EngineClient): Services['storage'] {
  return {
    identity: () => ({ id: store.id }),
    async stats() {
      const { blobs, bytes, orphans, orphanBytes } = await store.blobs.stats();
      const drops = await countUnusedUploads(store);
      const [copies, old] = [listBackups, oldCopies].map((list) => list(store.database.name));
      return {
        dataDirectory: store.home,
        databaseBytes: await store.databaseBytes(),
        blobs,
        blobBytes: bytes,
        backups: copies.length,
        backupBytes: sumOf(copies),
        decodedBytes: await decodedImages(store).size(),
        unreferenced: orphans + drops.files + old.length,
        unreferencedBytes: orphanBytes + drops.bytes + sumOf(old),
      };
    },
    async collectGarbage() {
      const tidied = [
        await store.blobs.collectGarbage(),
        await removeUnusedUploads(store),
        removeOldCopies(store.database.name),
        await new FeatureFiles(join(store.home, FEATURES_FOLDER)).prune(),
        await decodedImages(store).prune(),
      ];
      return { removed: tidied.reduce((sum, { removed }) => sum + removed, 0), bytes: sumOf(tidied) };
    },
    diagnose: (_, signal) => diagnose(engine, signal),
    async providers(_, signal) {
      return engine.request('probeProviders', {}, { signal });
    },
  };
}

function decodedImages(store: Store): DerivedFiles {
  return new DerivedFiles(join(store.home, PIXEL_FILES_FOLDER));
}

function sumOf(sizes: readonly { bytes: number }[]): number {
  return sizes.reduce((sum, { bytes }) => sum + bytes, 0);
}
