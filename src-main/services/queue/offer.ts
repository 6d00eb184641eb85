import { randomUUID } from 'node:crypto';
import { relative, sep } from 'node:path';
import { PerchError } from '../../common/api/errors.ts';
import type { Result } from '../../common/api/runs.ts';
import type { WrittenBlob } from '../../store/blobs.ts';
import type { StoredImage } from '../../store/images.ts';
import type { NewResult } from '../../store/results.ts';
import type { ClaimedItem } from '../../store/run-items.ts';
import type { Store } from '../../store/store.ts';
import { listOtherImages } from '../../store/other-images.ts';
import { otherImages } from '../../common/api/other-images.ts';
import { addedModel } from '../../methods/extractors/added-backbones.ts';
import { DEFAULT_MAX_PIXELS } from '../inspections/max-pixels.ts';
import { summarizeMap } from '../inspections/summarize-map.ts';
import { deviceLabel } from '../inspections/device-label.ts';
import { type PreparedMethod, prepareMethod } from '../runs/prepare-method.ts';
import { ANSWER_BYTES, type decodeAnswer } from './answer-bytes.ts';
import { answerKeyOf } from './answer-key.ts';
import { queueNameOf, type Requirement, requirementOf } from './requirement.ts';
import type { OfferedFile } from './offered-files.ts';
import type { Task, TaskImage } from './task.ts';

/** An item as a task: what a worker needs, and what its answer must match. */
export interface Offer {
  id: string;
  /** Of its answer, by which a worker recognizes an item whose answer it already has. */
  key: string;
  item: ClaimedItem;
  task: Task;
  requirement: Requirement;
  queue: string;
  /** The files that it names, by SHA-256. */
  files: Map<string, OfferedFile>;
  /** Largest answer in bytes. */
  limit: number;
  image: StoredImage;
  prepared: PreparedMethod;
}

/** An item's outcome: an existing result, or a new one whose map is written. */
export type OfferedOutcome = { known: Result } | { made: NewResult; blob: WrittenBlob };

/**
 * An item as a task; its result, if there already is one.
 *
 * @param host id of the process that takes the result
 * @throws PerchError if its method or image cannot be used
 */
export function makeOffer(
  item: ClaimedItem,
  { store, host, version }: { store: Store; host: string; version: string },
): Offer | { known: Result } {
  const image = store.images.get(item.image);
  const { definition } = store.methods.get(item.method);
  const prepared = prepareMethod(store, image.dataset, store.methods.get(item.method));
  const known = store.results.find(prepared.keyOf(image));
  if (known) return { known };
  assertForWorkers(prepared.definition, [image]);

  const { root } = store.datasets.get(image.dataset);
  const normal =
    definition !== null && otherImages(definition) === 'normal'
      ? listOtherImages(store.images, image, 'normal')
      : undefined;
  const requirement = requirementOf(prepared.definition, item.provider, version);
  const files = new Map<string, OfferedFile>();
  for (const { file, path } of [image, ...(normal ?? [])])
    files.set(file.sha256, { path, bytes: file.bytes });
  const { model } = requirement;
  if (model) files.set(model.sha256, { path: addedModel(model.name)?.file ?? '', bytes: model.bytes });
  const task: Task = {
    host,
    image: taskImage(image, root),
    ...(normal && { normal: normal.map((other) => taskImage(other, root)) }),
    method: prepared.definition,
    region: prepared.regionOf(image),
    maxPixels: DEFAULT_MAX_PIXELS,
    provider: item.provider,
  };
  return {
    id: randomUUID(),
    key: answerKeyOf(task, model),
    item,
    task,
    requirement,
    queue: queueNameOf(requirement),
    files,
    // A map has at most one float32 per pixel, and padding.
    limit: ANSWER_BYTES + 4 * (image.width + 1024) * (image.height + 1024),
    image,
    prepared,
  };
}

/** @throws PerchError `INVALID_ARGUMENT` for methods and images that one machine must process */
export function assertForWorkers(
  method: PreparedMethod['definition'],
  images: readonly Pick<StoredImage, 'name' | 'direction'>[],
): void {
  if (otherImages(method) === 'set') {
    throw new PerchError(
      'INVALID_ARGUMENT',
      'This method compares the images of a class with each other, which one machine does. Run it without workers.',
    );
  }
  const roll = images.find(({ direction }) => direction !== undefined);
  if (roll) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      `${roll.name} is a folder of frames, which one machine inspects. Run it without workers.`,
    );
  }
}

function taskImage({ file, path, tileIndex, crop, bitDepth }: StoredImage, root: string): TaskImage {
  return {
    sha256: file.sha256,
    bytes: file.bytes,
    name: relative(root, path).split(sep).join('/'),
    ...(crop ? { crop } : tileIndex > 0 && { page: tileIndex }),
    ...(bitDepth !== undefined && { bitDepth }),
  };
}

/**
 * The result that an answer gives. Its map is on disk when it returns.
 *
 * @throws PerchError `INVALID_MAP` if the answer does not belong to the task; errors of the store
 */
export async function resultOf(
  { image, prepared }: Offer,
  { answer, map }: ReturnType<typeof decodeAnswer>,
  store: Store,
): Promise<{ made: NewResult; blob: WrittenBlob }> {
  if (answer.kind !== 'map' || !map)
    throw new PerchError('INVALID_MAP', 'The answer of a worker has no map.');
  const key = prepared.keyOf(image);
  if (answer.imageSha256 !== key.imageSha256 || answer.modelSha256 !== key.modelSha256)
    throw new PerchError('INVALID_MAP', 'The answer of a worker is for another image or model.');
  const { width, height, extentWidth, extentHeight } = answer;
  const placed = { map, width, height, extentWidth, extentHeight, region: prepared.regionOf(image) };
  const summary = summarizeMap(placed, answer.seconds, deviceLabel(answer, answer.device));
  const blob = await store.blobs.write(map.npy);
  const made = {
    ...key,
    ...summary,
    ...(answer.chosen && { chosen: answer.chosen }),
    ...(answer.imageScore !== undefined && { imageScore: answer.imageScore }),
    map: blob.sha256,
    versions: answer.versions,
    worker: answer.worker,
  };
  return { made, blob };
}
