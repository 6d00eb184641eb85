import type { Result } from '../../common/api/runs.ts';
import type { EngineClient, RequestOptions } from '../../engine/client/engine-client.ts';
import { writeNpy } from '../../common/maps/npy.ts';
import { needsTiles } from '../../common/tiles.ts';
import type { EngineRequests } from '../../engine/protocol/messages.ts';
import type { NewResult, ResultKey } from '../../store/results.ts';
import type { Store } from '../../store/store.ts';
import type { ClaimedItem } from '../../store/run-items.ts';
import { imageSource } from '../datasets/image-source.ts';
import { deviceLabel } from '../inspections/device-label.ts';
import { DEFAULT_MAX_PIXELS } from '../inspections/max-pixels.ts';
import { summarizeMap } from '../inspections/summarize-map.ts';
import { prepareMethod } from './prepare-method.ts';

/** An item's outcome: an existing result, or a new one with a stored map. */
export type ItemOutcome = { known: Result } | { made: NewResult };

/**
 * Inspects an item's image with its method.
 *
 * @throws PerchError `IMAGE_CHANGED` if the file differs from the imported one; errors of the engine and the
 * store
 */
export async function inspectItem(
  { image: id, method: methodId, provider }: ClaimedItem,
  { store, engine }: { store: Store; engine: EngineClient },
  options: RequestOptions,
): Promise<ItemOutcome> {
  const image = store.images.get(id);
  const prepared = prepareMethod(store, image.dataset, store.methods.get(methodId));
  const key = prepared.keyOf(image);
  const known = store.results.find(key);
  if (known) return { known };

  const normal = prepared.othersOf(image);
  const answer = await engine.request(
    'inspect',
    {
      ...imageSource(image),
      sha256: image.file.sha256,
      method: prepared.definition,
      ...(normal ? { normal } : {}),
      region: prepared.regionOf(image),
      maxPixels: DEFAULT_MAX_PIXELS,
      provider,
    },
    options,
  );
  const made = await newResult(key, answer, { store, engine });
  // The map is stored. Without its levels, the first display makes them.
  if (needsTiles(image))
    await engine.request('makeMapLevels', { path: store.blobs.pathOf(made.map) }, options).catch(() => {});
  return { made };
}

/** Stores the map of an answer of the engine. @returns the result to add */
export async function newResult(
  key: ResultKey,
  answer: EngineRequests['inspect']['response'],
  { store, engine }: { store: Store; engine: EngineClient },
): Promise<NewResult> {
  const { device = '', versions = {} } = engine.info ?? {};
  const { values, height, width } = answer.placed.map;
  const summary = summarizeMap(answer.placed, answer.seconds, deviceLabel(answer, device));
  return {
    ...key,
    ...summary,
    ...(answer.chosen && { chosen: answer.chosen }),
    ...(answer.imageScore !== undefined && { imageScore: answer.imageScore }),
    imageSha256: answer.imageSha256,
    modelSha256: answer.modelSha256,
    map: await store.blobs.put(writeNpy({ shape: [height, width], values })),
    versions,
  };
}
