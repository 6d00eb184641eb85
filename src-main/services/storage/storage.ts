import type { EngineClient } from '../../engine/client.ts';
import { removeOldCopies } from '../../store/copies.ts';
import type { Store } from '../../store/store.ts';
import { examine } from '../doctor/examine.ts';
import type { Services } from '../services.ts';
import { describeDrops, tidyDrops } from '../datasets/drops.ts';

/** What the store takes up, and whether everything that Perch needs is well. */
export function openStorage(store: Store, engine: EngineClient): Services['storage'] {
  return {
    async describe() {
      const { blobs, bytes, orphans, orphanBytes } = await store.blobs.describe();
      const drops = await describeDrops(store);
      return {
        ...{ home: store.home, databaseBytes: await store.databaseBytes(), blobs, blobBytes: bytes },
        ...{ orphans: orphans + drops.files, orphanBytes: orphanBytes + drops.bytes },
      };
    },
    async tidy() {
      const tidied = [await store.blobs.tidy(), await tidyDrops(store), removeOldCopies(store.database.name)];
      return {
        removed: tidied.reduce((sum, { removed }) => sum + removed, 0),
        bytes: tidied.reduce((sum, { bytes }) => sum + bytes, 0),
      };
    },
    doctor: (_, signal) => examine(engine, signal),
    async providers(_, signal) {
      return engine.run('providers', {}, { signal });
    },
  };
}
