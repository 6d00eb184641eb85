import type { annotation as procedures, Revision } from '../../common/api/annotation.ts';
import { PerchError } from '../../common/api/errors.ts';
import type { ServiceOf } from '../../common/api/service.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { NewRevision } from '../../store/revisions.ts';
import type { Store } from '../../store/store.ts';
import { drawnBytes } from './drawn-bytes.ts';
import { exportMasks } from './export-masks.ts';
import { importMasks } from './import-masks.ts';

/** A mask that a user has drawn. */
export interface DrawnMask {
  image: number;
  author: string;
  /** The revision that it was drawn over; 0 for none. */
  base: number;
  /** 8-bit grayscale PNG of the image's size. */
  png: AsyncIterable<Uint8Array>;
}

/** Ground truth and its revisions. */
export interface Annotation extends ServiceOf<typeof procedures> {
  /**
   * Saves a drawn mask, which is on disk when this returns. Saving the same mask again after a lost response
   * adds no revision.
   *
   * @throws PerchError `NOT_FOUND`, `INVALID_MASK`, `CONFLICT` if `base` is not the latest revision
   */
  save(drawn: DrawnMask, signal: AbortSignal): Promise<Revision>;
}

/** The ground truth before the first revision. */
const NOTHING_KNOWN = { groundTruth: 'unknown', mask: null, pixels: 0 } as const;

export function openAnnotation(store: Store, engine: EngineClient): Annotation {
  const { revisions } = store;
  const add = (revision: NewRevision, base?: number): Revision => {
    const added = revisions.add(revision, base);
    store.changes.emit('datasets');
    return added;
  };
  /** Adds a drawn revision. Repeating it after a lost response adds nothing. */
  const addDrawn = (drawn: NewRevision, base: number | undefined): Revision => {
    const latest = revisions.latest(drawn.image);
    const isSavedAlready =
      base !== undefined &&
      latest?.source === 'drawn' &&
      latest.author === drawn.author &&
      latest.mask === drawn.mask &&
      latest.groundTruth === drawn.groundTruth &&
      (latest.revision === base || latest.revision === base + 1);
    return isSavedAlready ? latest : add(drawn, base);
  };
  return {
    revisions: async ({ image }) => ({ revisions: revisions.listByImage(store.images.get(image).id) }),
    async restore({ image, author, revision }) {
      const all = revisions.listByImage(store.images.get(image).id);
      const earlier = revision === 0 ? NOTHING_KNOWN : all.find((each) => each.revision === revision);
      if (!earlier)
        throw new PerchError(
          'NOT_FOUND',
          `This image has no revision ${revision}. Choose another one to restore.`,
        );
      const { groundTruth, mask, pixels } = earlier;
      return add({ image, groundTruth, mask, pixels, author, source: 'restored' });
    },
    async mark({ image, author, groundTruth, base }) {
      store.images.get(image);
      return addDrawn({ image, groundTruth, mask: null, pixels: 0, author, source: 'drawn' }, base);
    },
    async save({ image, author, base, png: body }, signal) {
      const { width, height } = store.images.get(image);
      const drawn = await drawnBytes(body, { width, height });
      const { png, pixels } = await engine.request(
        'normalizeMask',
        { mask: { png: drawn }, width, height },
        { signal },
      );
      const mask = pixels === 0 ? null : await store.blobs.put(png);
      const groundTruth = mask === null ? 'normal' : 'masked';
      return addDrawn({ image, groundTruth, mask, pixels, author, source: 'drawn' }, base);
    },
    export: (request, signal) => exportMasks({ store, engine }, request, signal),
    import: (request, signal) => importMasks({ store, engine }, request, signal),
  };
}
