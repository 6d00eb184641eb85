import type { annotation as noun, Revision } from '../../api/annotation.ts';
import { PerchError } from '../../api/errors.ts';
import type { ServiceOf } from '../../api/service.ts';
import type { EngineClient } from '../../engine/client.ts';
import type { NewRevision } from '../../store/revisions.ts';
import type { Store } from '../../store/store.ts';
import { drawnBytes } from './drawn-bytes.ts';
import { exportMasks } from './export-masks.ts';
import { importMasks } from './import-masks.ts';

/** A mask as it was drawn. */
export interface DrawnMask {
  image: number;
  author: string;
  /** Revision that it was drawn over, 0 for none. */
  base: number;
  /** 8-bit gray PNG of the image's size. */
  png: AsyncIterable<Uint8Array>;
}

/** Ground truth and its revisions. */
export interface Annotation extends ServiceOf<typeof noun> {
  /**
   * Saves a drawn mask; it is on disk when this returns. The same again, because an answer was lost, is not a second revision.
   *
   * @throws PerchError `NOT_FOUND`, `INVALID_MASK`, `CONFLICT` where `base` is not the latest revision
   */
  save(drawn: DrawnMask, signal: AbortSignal): Promise<Revision>;
}

export function openAnnotation(store: Store, engine: EngineClient): Annotation {
  const { revisions } = store;
  const add = (revision: NewRevision, base?: number): Revision => {
    const added = revisions.add(revision, base);
    store.changes.emit('datasets');
    return added;
  };
  return {
    revisions: async ({ image }) => ({ revisions: revisions.of(store.images.get(image).id) }),
    async restore({ image, author, revision }) {
      const earlier = revisions.of(store.images.get(image).id).find((each) => each.revision === revision);
      if (!earlier) throw new PerchError('NOT_FOUND', `This image has no revision ${revision} to restore.`);
      const { groundTruth, mask, pixels } = earlier;
      return add({ image, groundTruth, mask, pixels, author, source: 'restored' });
    },
    async mark({ image, author, groundTruth }) {
      store.images.get(image);
      return add({ image, groundTruth, mask: null, pixels: 0, author, source: 'drawn' });
    },
    async save({ image, author, base, png: body }, signal) {
      const { width, height } = store.images.get(image);
      const drawn = await drawnBytes(body, { width, height });
      const { png, pixels } = await engine.run('mask', { mask: { png: drawn }, width, height }, { signal });
      const mask = pixels === 0 ? null : await store.blobs.put(png);
      const groundTruth = mask === null ? 'normal' : 'masked';
      const latest = revisions.latest(image);
      const isSavedAlready =
        latest?.source === 'drawn' &&
        latest.author === author &&
        latest.mask === mask &&
        latest.groundTruth === groundTruth &&
        (latest.revision === base || latest.revision === base + 1);
      if (isSavedAlready) return latest;
      return add({ image, groundTruth, mask, pixels, author, source: 'drawn' }, base);
    },
    export: ({ dataset, folder }, signal) => exportMasks(store, dataset, folder, signal),
    import: (request, signal) => importMasks(store, engine, request, signal),
  };
}
