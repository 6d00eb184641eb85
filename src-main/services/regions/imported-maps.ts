import os from 'node:os';
import { PerchError } from '../../common/api/errors.ts';
import type { Result } from '../../common/api/runs.ts';
import { readNpy } from '../../common/maps/npy.ts';
import { regionSha256 } from '../../files/region-sha256.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';
import { summarizeMap } from '../inspections/summarize-map.ts';
import { mapConcurrent } from '../map-concurrent.ts';

/**
 * Adds results of a dataset's imported maps for the current inspection regions. Perch cannot compute these
 * maps again, and only their minimum, maximum and threshold depend on the region. A map without a position
 * inside gets no result.
 */
export async function summarizeImportedMaps(
  store: Store,
  dataset: number,
  signal: AbortSignal,
): Promise<void> {
  const images = new Map(store.images.listByDataset(dataset).map((image) => [image.id, image]));
  const stale = store.methods
    .listUsed(dataset)
    .filter(({ definition }) => definition === null)
    .flatMap(({ id }) => store.results.listByMethod(dataset, id))
    .flatMap((result) => {
      const image = images.get(result.image);
      return image && !result.current && result.imageSha256 === image.file.sha256 ? [{ image, result }] : [];
    });
  await mapConcurrent(stale, os.availableParallelism(), async ({ image, result }) => {
    signal.throwIfAborted();
    await summarizeAgain(store, image, result);
  });
}

async function summarizeAgain(store: Store, image: StoredImage, result: Result): Promise<void> {
  const region = store.classRegions.find(image.dataset, image.textureClass);
  const { values, shape } = readNpy(await store.blobs.read(result.map), store.blobs.pathOf(result.map));
  const { width, height, extentWidth, extentHeight } = result;
  const map = { values, height: shape[0], width: shape[1] };
  try {
    const summary = summarizeMap(
      { map, width, height, extentWidth, extentHeight, region },
      {},
      result.device,
    );
    store.results.add({ ...result, ...summary, regionSha256: regionSha256(region) });
  } catch (thrown) {
    if (!(thrown instanceof PerchError && thrown.code === 'INVALID_MAP')) throw thrown;
  }
}
