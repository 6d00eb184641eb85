import os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { PerchError, reportOf } from '../../common/api/errors.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import { regionSha256 } from '../../files/region-sha256.ts';
import { writeNpy } from '../../common/maps/npy.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';
import { summarizeMap } from '../inspections/summarize-map.ts';
import { mapConcurrent } from '../map-concurrent.ts';
import { MapFolder } from './match-maps-to-images.ts';

/** Interval of progress events. */
const PROGRESS_EVERY_MS = 100;

export type MapImportEvent =
  | { type: 'progress'; done: number; total: number }
  | {
      type: 'imported';
      /** Number of imported maps, of maps that were already imported, and of images without a map. */
      maps: number;
      kept: number;
      missing: number;
      /** Unreadable maps, one sentence each. */
      problems: string[];
    };

/**
 * Imports maps from another system for a dataset's test images, as results of a method with that label. A map
 * of any size covers its whole image.
 *
 * @throws PerchError `NOT_FOUND` if the folder does not exist or contains no map of the dataset, `CONFLICT`
 * if one of Perch's methods has the label, and errors from writing
 */
export async function* importMaps(
  { dataset, folder, label }: { dataset: number; folder: string; label: string },
  { store, engine }: { store: Store; engine: EngineClient },
  signal: AbortSignal,
): AsyncGenerator<MapImportEvent, void, void> {
  if (store.methods.getByLabel(label)?.definition) {
    throw new PerchError('CONFLICT', `"${label}" is one of Perch's own methods. Choose another label.`);
  }
  const maps = await MapFolder.read(folder);
  const images = store.images.listByDataset(dataset).filter(({ split }) => split === 'test');
  const alone = new Set(images.map(({ textureClass }) => textureClass)).size === 1;
  const found = images.flatMap((image) => {
    const path = maps.of(image, alone);
    return path === undefined ? [] : [{ image, path }];
  });
  if (found.length === 0) {
    const [example] = images;
    throw new PerchError(
      'NOT_FOUND',
      `${folder} contains no map of this dataset's images. For example, the map of ${example?.name ?? 'an image'} would be ` +
        `${example?.textureClass ?? 'CLASS'}/${(example?.name ?? 'NAME').replace(/\.\w+$/, '')}.npy, .tiff or .png.`,
    );
  }
  const method = store.methods.upsertImported(label).id;
  const tally = { maps: 0, kept: 0 };
  const problems: string[] = [];
  let done = 0;
  let working = true;
  const work = mapConcurrent(found, os.availableParallelism(), async ({ image, path }) => {
    signal.throwIfAborted();
    try {
      const kept = await keepMap({ image, path, method }, { store, engine }, signal);
      if (kept === undefined) tally.kept++;
      else tally.maps++;
      if (kept !== undefined && kept.merged > 0) problems.push(mergedMessage(path, kept.merged));
    } catch (thrown) {
      const { code, message } = reportOf(thrown);
      if (!['INVALID_MAP', 'INVALID_NPY', 'NOT_READABLE', 'NOT_FOUND'].includes(code)) throw thrown;
      problems.push(message);
    }
    done++;
  }).finally(() => (working = false));
  while (working) {
    yield { type: 'progress', done, total: found.length };
    await Promise.race([work, delay(PROGRESS_EVERY_MS)]);
  }
  await work;
  yield { type: 'imported', ...tally, missing: images.length - found.length, problems };
}

function mergedMessage(path: string, merged: number): string {
  return (
    `${path} has scores that differ only in float64; ${merged} neighboring scores become equal. Subtract the scores' common offset ` +
    'before you save the maps.'
  );
}

/** Stores a map; undefined if the method already has one for the image. */
async function keepMap(
  { image, path, method }: { image: StoredImage; path: string; method: number },
  { store, engine }: { store: Store; engine: EngineClient },
  signal: AbortSignal,
): Promise<{ merged: number } | undefined> {
  const region = store.classRegions.find(image.dataset, image.textureClass);
  const key = {
    image: image.id,
    method,
    imageSha256: image.file.sha256,
    modelSha256: null,
    regionSha256: regionSha256(region),
  };
  if (store.results.find(key)) return undefined;
  const { map, merged } = await engine.request('readMap', { path }, { signal });
  const { width, height } = image;
  const placed = { map, width, height, extentWidth: width, extentHeight: height, region };
  const blob = await store.blobs.put(writeNpy({ shape: [map.height, map.width], values: map.values }));
  store.results.add({ ...key, ...summarizeMap(placed, {}, ''), map: blob, versions: {} });
  return { merged };
}
