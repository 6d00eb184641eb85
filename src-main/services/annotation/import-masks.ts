import { readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { TransferEvent } from '../../api/annotation.ts';
import type { Problem } from '../../api/datasets.ts';
import { PerchError, reportOf } from '../../api/errors.ts';
import type { EngineClient } from '../../engine/client.ts';
import { unreadable } from '../../files/read.ts';
import type { StoredImage } from '../../store/images.ts';
import type { NewRevision } from '../../store/revisions.ts';
import type { Store } from '../../store/store.ts';
import { DEFAULT_MAX_PIXELS } from '../inspections/limits.ts';
import { maskFiles } from './mask-files.ts';

/**
 * Reads the masks of a folder in the MVTec AD layout (that of a dataset, or of one class) as new revisions of a dataset's
 * images; those that say what holds already are passed over. Cancelled, nothing is kept.
 *
 * @throws PerchError `NOT_FOUND` where there is no such dataset or folder, or no mask in it
 */
export async function* importMasks(
  store: Store,
  engine: EngineClient,
  { dataset, folder: wish, author }: { dataset: number; folder: string; author: string },
  signal: AbortSignal,
): AsyncGenerator<TransferEvent, void, void> {
  store.datasets.get(dataset);
  const images = store.images.of(dataset);
  const folder = resolve(wish);
  const found = await masksBelow(folder);
  if (found.size === 0) {
    throw new PerchError(
      'NOT_FOUND',
      `There are no masks in ${folder}. They lie in <class>/ground_truth/<kind>/<stem>_mask.png.`,
    );
  }
  const files = maskFiles(images);
  const problems: Problem[] = [];
  const revisions: NewRevision[] = [];
  const matched = images.flatMap((image) => {
    const path = found.get((files.get(image.id) ?? '').toLowerCase());
    return path === undefined ? [] : [{ image, path }];
  });
  for (const [done, { image, path }] of matched.entries()) {
    yield { type: 'progress', done, total: matched.length };
    const read = await readMask(store, engine, image, path, signal);
    if ('kind' in read) problems.push(read);
    else if (read.mask !== image.mask || read.groundTruth !== image.groundTruth)
      revisions.push({ ...read, image: image.id, author, source: 'imported' });
  }
  signal.throwIfAborted();
  store.writing(() => revisions.forEach((revision) => store.revisions.add(revision)));
  if (revisions.length > 0) store.changes.emit('datasets');
  const taken = new Set(matched.map(({ path }) => path));
  for (const path of found.values()) {
    if (taken.has(path)) continue;
    const message = `${path} belongs to no image of the dataset: classes, kinds and names have to be the same.`;
    problems.push({ kind: 'mask-without-image', path, message });
  }
  yield { type: 'done', written: revisions.length, problems };
}

/** The ground truth that a mask file says, its mask kept among the blobs, or what is wrong with it. */
async function readMask(
  store: Store,
  engine: EngineClient,
  { width, height }: StoredImage,
  path: string,
  signal: AbortSignal,
): Promise<Pick<NewRevision, 'groundTruth' | 'mask' | 'pixels'> | Problem> {
  try {
    const { png, pixels } = await engine.run(
      'mask',
      { mask: { path, maxPixels: DEFAULT_MAX_PIXELS }, width, height },
      { signal },
    );
    if (pixels === 0) return { groundTruth: 'normal', mask: null, pixels };
    return { groundTruth: 'masked', mask: await store.blobs.put(png), pixels };
  } catch (thrown) {
    const { code, message } = reportOf(thrown);
    if (code === 'INVALID_MASK') return { kind: 'mask-size', path, message };
    if (['NOT_AN_IMAGE', 'NOT_READABLE', 'IMAGE_TOO_LARGE'].includes(code))
      return { kind: 'mask-unreadable', path, message };
    throw thrown;
  }
}

/** Mask files by their path from the dataset's folder, in small letters. @throws PerchError `NOT_FOUND`, `NOT_READABLE` */
async function masksBelow(folder: string): Promise<Map<string, string>> {
  try {
    const isClass = await stat(join(folder, 'ground_truth')).then(
      (found) => found.isDirectory(),
      () => false,
    );
    const top = isClass ? dirname(folder) : folder;
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    const named = paths.map((path) => [relative(top, path).replaceAll(sep, '/'), path] as const);
    return new Map(
      named
        .filter(([name]) => /^[^/]+\/ground_truth\/[^/]+\/[^/]+_mask\.png$/i.test(name))
        .map(([name, path]) => [name.toLowerCase(), path]),
    );
  } catch (cause) {
    throw unreadable(folder, cause);
  }
}
