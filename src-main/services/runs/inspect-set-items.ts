import { join } from 'node:path';
import { errorOf, PerchError } from '../../common/api/errors.ts';
import type { EngineClient, RequestOptions } from '../../engine/client/engine-client.ts';
import type { ResponsePart } from '../../engine/protocol/messages.ts';
import type { NormalImage } from '../../engine/protocol/data-types.ts';
import type { StoredImage } from '../../store/images.ts';
import { listOtherImages } from '../../store/other-images.ts';
import type { ClaimedItem } from '../../store/run-items.ts';
import type { Store } from '../../store/store.ts';
import { imageSource } from '../datasets/image-source.ts';
import { verifyFile } from '../datasets/verify-file.ts';
import { DEFAULT_MAX_PIXELS } from '../inspections/max-pixels.ts';
import { FEATURES_FOLDER } from '../storage/features-folder.ts';
import { type ItemOutcome, newResult } from './inspect-item.ts';
import { type PreparedMethod, prepareMethod } from './prepare-method.ts';

/** Receives the outcome of each item. An item that receives none is requeued or fails with the request. */
export interface SetOutcomes {
  keep(item: ClaimedItem, outcome: ItemOutcome): void;
  fail(item: ClaimedItem, reason: unknown): Promise<void>;
}

/** Errors of files that are missing or changed now. Others depend on a file's content, which the results' key contains. */
const FILE_ERRORS: ReadonlySet<string> = new Set(['NOT_FOUND', 'NOT_READABLE', 'IMAGE_CHANGED']);

const identityOf = ({ path, crop }: NormalImage) => JSON.stringify([path, crop]);

/**
 * Inspects the images of items of one class and set method with one request. An image of the set that is missing or has changed is
 * recorded, and the results belong to the set without it.
 *
 * @throws PerchError of the engine and the store
 */
export async function inspectSetItems(
  items: readonly ClaimedItem[],
  { store, engine }: { store: Store; engine: EngineClient },
  options: RequestOptions,
  { keep, fail }: SetOutcomes,
): Promise<void> {
  const [{ image: id, method: methodId, provider }] = items;
  const { dataset } = store.images.get(id);
  const method = store.methods.get(methodId);
  let prepared = prepareMethod(store, dataset, method);
  const { definition } = prepared;
  if (!('set' in definition)) throw new PerchError('INTERNAL', 'The method does not compare a set.');

  const itemOf = new Map<string, { item: ClaimedItem; image: StoredImage }>();
  for (const item of items) {
    const image = store.images.get(item.image);
    const known = store.results.find(prepared.keyOf(image));
    if (known) keep(item, { known });
    else itemOf.set(identityOf(imageSource(image)), { item, image });
  }
  const scored = [...itemOf.values()].map(({ image }) => image);
  if (scored.length === 0) return;
  const members = new Map(
    [...listOtherImages(store.images, scored[0], 'set'), ...scored].map((image) => [
      identityOf(imageSource(image)),
      image,
    ]),
  );

  const unusable = new Set<number>();
  const receive = async (part: ResponsePart) => {
    const identity = identityOf(part.image);
    const found = itemOf.get(identity);
    if (part.type === 'map') {
      if (found)
        keep(found.item, {
          made: await newResult(prepared.keyOf(found.image), part.answer, { store, engine }),
        });
      return;
    }
    const image = members.get(identity);
    if (image && FILE_ERRORS.has(part.error.code)) {
      unusable.add(image.id);
      await verifyFile(store, image.path, [image]);
      store.changes.emit('datasets');
      prepared = prepareMethod(store, dataset, method, unusable);
    }
    if (found) await fail(found.item, errorOf(part.error));
  };
  await receiveInOrder(engine, requestOf(prepared, scored), options, receive);

  function requestOf({ othersOf, regionOf }: PreparedMethod, images: readonly StoredImage[]) {
    return {
      images: images.map((image) => ({ ...imageSource(image), sha256: image.file.sha256 })),
      set: othersOf(images[0]) ?? [],
      method: definition as Extract<typeof definition, { set: string }>,
      region: regionOf(images[0]),
      features: join(store.home, FEATURES_FOLDER),
      maxPixels: DEFAULT_MAX_PIXELS,
      provider,
    };
  }
}

/** Sends the request and handles its parts one after the other. A part that cannot be handled ends the request. */
async function receiveInOrder(
  engine: EngineClient,
  request: Parameters<typeof engine.request<'inspectSet'>>[1],
  options: RequestOptions,
  receive: (part: ResponsePart) => Promise<void>,
): Promise<void> {
  const broken = new AbortController();
  let handled = Promise.resolve();
  const onPart = (part: ResponsePart) => {
    handled = handled.then(async () => {
      if (!broken.signal.aborted) await receive(part).catch((thrown: unknown) => broken.abort(thrown));
    });
  };
  const ending = [broken.signal, ...(options.signal ? [options.signal] : [])];
  try {
    await engine.request('inspectSet', request, { ...options, signal: AbortSignal.any(ending), onPart });
  } finally {
    await handled;
    broken.signal.throwIfAborted();
  }
}
