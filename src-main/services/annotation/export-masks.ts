import { randomUUID } from 'node:crypto';
import { readdir, realpath, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { AnnotationFormatName, TransferEvent } from '../../common/api/annotation.ts';
import type { Problem } from '../../common/api/datasets.ts';
import { PerchError, reportOf } from '../../common/api/errors.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { resolveUserPath } from '../../files/user-path.ts';
import { writeError, writeFileAtomic } from '../../files/write.ts';
import type { Store } from '../../store/store.ts';
import { imagePixel } from '../scales/image-pixel.ts';
import { annotationFormats } from './formats/formats.ts';
import type { LabeledImage } from './formats/format.ts';
import { maskFiles } from './mask-files.ts';

/**
 * Writes the ground truth of a dataset to a new or empty folder: masks as images in the MVTec AD layout, or shapes in
 * another format. The folder appears once it is complete. A canceled or failed export leaves nothing.
 *
 * @throws PerchError `NOT_FOUND` if there is no such dataset or it has no masks, `CONFLICT` if the folder is
 * not empty or belongs to a dataset, `NOT_WRITABLE`, `DISK_FULL`
 */
export async function* exportMasks(
  { store, engine }: { store: Store; engine: EngineClient },
  { dataset, folder: wish, format }: { dataset: number; folder: string; format: AnnotationFormatName },
  signal: AbortSignal,
): AsyncGenerator<TransferEvent, void, void> {
  const { name } = store.datasets.get(dataset);
  const images = store.images.listByDataset(dataset);
  const files = maskFiles(images);
  const masked = images.filter((image) => image.mask !== null);
  if (masked.length === 0)
    throw new PerchError('NOT_FOUND', `The dataset "${name}" has no masks. Draw or import some first.`);
  const folder = resolveUserPath(wish);
  await assertOutsideDatasets(store, folder);
  await assertEmptyFolder(folder);

  const passing = `${folder}.${randomUUID().slice(0, 8)}.tmp`;
  const problems: Problem[] = [];
  const labeled: LabeledImage[] = [];
  try {
    for (const [done, image] of masked.entries()) {
      signal.throwIfAborted();
      yield { type: 'progress', done, total: masked.length };
      const { id, mask, path } = image;
      const maskFile = files.get(id);
      if (mask === null || maskFile === undefined) continue;
      try {
        if (format === 'mvtec') await writeFileAtomic(join(passing, maskFile), await store.blobs.read(mask));
        else {
          const { regions } = await engine.request(
            'findMaskRegions',
            { path: store.blobs.pathOf(mask) },
            { signal },
          );
          labeled.push({ image, maskFile, regions, pixel: imagePixel(store, image) });
        }
      } catch (thrown) {
        if (
          !(thrown instanceof PerchError) ||
          !['NOT_FOUND', 'NOT_READABLE', 'NOT_AN_IMAGE', 'IMAGE_TOO_LARGE'].includes(thrown.code)
        )
          throw thrown;
        problems.push({ kind: 'mask-unreadable', path, message: reportOf(thrown).message });
      }
    }
    signal.throwIfAborted();
    if (format !== 'mvtec') {
      const normal = images
        .filter(({ groundTruth }) => groundTruth === 'normal')
        .map((image) => ({ image, maskFile: files.get(image.id) ?? '', regions: [] }));
      for (const { path, text } of annotationFormats[format].write([...labeled, ...normal], folder))
        await writeFileAtomic(join(passing, path), Buffer.from(text));
    }
    await putInPlace(passing, folder);
  } finally {
    await rm(passing, { recursive: true, force: true });
  }
  yield { type: 'done', written: masked.length - problems.length, problems };
}

/** Refuses a folder inside a dataset, because Perch never changes the files of datasets. */
async function assertOutsideDatasets(store: Store, folder: string): Promise<void> {
  const target = await realPath(folder);
  for (const { name, root } of store.datasets.list()) {
    if (!lies(target, await realPath(root))) continue;
    throw new PerchError(
      'CONFLICT',
      `${folder} is inside the dataset "${name}", which Perch does not change. Choose a folder outside it.`,
    );
  }
}

async function assertEmptyFolder(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw writeError(folder, cause);
  });
  if (entries.length > 0) throw full(folder);
}

async function putInPlace(passing: string, folder: string): Promise<void> {
  try {
    await makeFolder(passing);
    // Fails if the folder is no longer empty.
    await rmdir(folder).catch((cause: unknown) => {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    });
    await rename(passing, folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOTEMPTY') throw full(folder);
    throw writeError(folder, cause);
  }
}

const full = (folder: string) =>
  new PerchError('CONFLICT', `${folder} already contains files. Choose a new or empty folder.`);

/** Whether a path is the folder or is below it. */
const lies = (path: string, folder: string) => path === folder || path.startsWith(folder + sep);

/** Resolves links in a path that may not exist. */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return dirname(path) === path
      ? path
      : join(await realPath(dirname(path)), path.slice(dirname(path).length));
  }
}
