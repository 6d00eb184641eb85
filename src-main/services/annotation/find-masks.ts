import { basename } from 'node:path';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { StoredImage } from '../../store/images.ts';
import { imageSource } from '../datasets/image-source.ts';
import { type Placed, pairMasks } from '../datasets/layouts/pair-masks.ts';
import { DEFAULT_MAX_PIXELS } from '../inspections/max-pixels.ts';
import { stemOf } from '../library/adjacent-masks.ts';
import { FolderReader, imagesBelow, listFolder } from '../library/folder-listing.ts';
import { maskFolder } from '../library/folder-names.ts';
import { type FoundMasks, type IncomingMask, nothingFound } from './found-masks.ts';
import { maskFiles } from './mask-files.ts';

/**
 * Finds masks of a dataset's images in the MVTec AD layout of a dataset or of a single class. Names match in any case, spelling
 * and Unicode form, and masks may have any image format.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`
 */
export async function findMasks(
  folder: string,
  images: readonly StoredImage[],
  engine: EngineClient,
): Promise<FoundMasks> {
  const { folders } = await listFolder(folder);
  const isClass = folders.some((name) => maskFolder(name) === 'masks');
  const reader = new FolderReader();
  const masks = (await imagesBelow(reader, folder)).flatMap(({ path, folders: between, name }): Placed[] => {
    const whole = isClass ? [basename(folder), ...between] : between;
    const at = whole.findIndex((entry) => maskFolder(entry) === 'masks');
    if (at < 1) return [];
    const [kind = '', ...below] = whole.slice(at + 1);
    return [
      {
        path,
        defectType: [whole.slice(0, at).join('-'), kind].join('/'),
        folders: below,
        stem: stemOf(name),
      },
    ];
  });
  if (masks.length === 0) throw nothingFound(folder, 'masks lie in CLASS/ground_truth/KIND/STEM_mask.png.');
  const files = maskFiles(images);
  const byFile = new Map<string, StoredImage>();
  const placed = images.map((image): Placed => {
    const path = files.get(image.id) ?? '';
    byFile.set(path, image);
    const [textureClass, , kind, file] = path.split('/');
    return {
      path,
      defectType: `${textureClass}/${kind}`,
      folders: [],
      stem: stemOf(file).replace(/_mask$/, ''),
    };
  });
  const pairs = pairMasks(placed, masks);
  const found: IncomingMask[] = [];
  const problems: FoundMasks['problems'] = pairs.unpaired.map((path) => ({
    kind: 'mask-without-image',
    path,
    message: `${path} belongs to no image of the dataset: classes, defect types and names must match.`,
  }));
  for (const [file, paths] of pairs.masks) {
    const image = byFile.get(file);
    const [path, ...others] = paths;
    if (image === undefined) continue;
    for (const other of others) {
      const message = `${other} and ${path} are masks of the same image. The first one is skipped.`;
      problems.push({ kind: 'ambiguous', path: other, message });
    }
    const { width, height } = image;
    const { path: source } = imageSource(image);
    const request = { mask: { path, maxPixels: DEFAULT_MAX_PIXELS }, width, height, image: source };
    found.push({
      image,
      path,
      mayBeNormal: true,
      read: (signal) => engine.request('normalizeMask', request, { signal }),
    });
  }
  for (const { path, error } of reader.unreadable)
    problems.push({ kind: 'unreadable', path, message: error.message });
  return { masks: found, problems };
}
