import type { EngineClient } from '../../engine/client.ts';
import type { Store } from '../../store/store.ts';
import { examine } from '../doctor/examine.ts';
import type { Services } from '../services.ts';
import { tidyDrops } from '../datasets/drops.ts';

/** What the store takes up, and whether everything that Perch needs is well. */
export function openStorage(store: Store, engine: EngineClient): Services['storage'] {
  return {
    async describe() {
      const { bytes, ...counts } = await store.blobs.describe();
      return { home: store.home, databaseBytes: await store.databaseBytes(), blobBytes: bytes, ...counts };
    },
    async tidy() {
      const [blobs, drops] = [await store.blobs.tidy(), await tidyDrops(store)];
      return { removed: blobs.removed + drops.removed, bytes: blobs.bytes + drops.bytes };
    },
    doctor: (_, signal) => examine(engine, signal),
    async providers(_, signal) {
      return engine.run('providers', {}, { signal });
    },
  };
}
