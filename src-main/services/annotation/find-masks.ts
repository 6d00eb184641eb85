import { basename } from 'node:path';
import type { RollFrame } from '../../common/api/rolls.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { StoredImage } from '../../store/images.ts';
import { imageSource } from '../datasets/image-source.ts';
import { DEFAULT_MAX_PIXELS } from '../inspections/max-pixels.ts';
import { stemOf } from '../library/adjacent-masks.ts';
import { FolderReader, imagesBelow, listFolder } from '../library/folder-listing.ts';
import { maskFolder } from '../library/folder-names.ts';
import { type FoundMasks, type IncomingMask, nothingFound } from './found-masks.ts';
import { type MaskFile, type MatchedMasks, matchMasks } from './match-masks.ts';

type Matched = MatchedMasks['matched'][number];

/**
 * Finds masks of a dataset's images in the MVTec AD layout of a dataset or of a single class. Names match in any case, spelling
 * and Unicode form, and masks may have any image format. A roll that is a folder has a mask of its own, or one per frame in a folder
 * with its name.
 *
 * @param framesOf the frames of a roll that is a folder; empty for other images
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`
 */
export async function findMasks(
  folder: string,
  images: readonly StoredImage[],
  { engine, framesOf }: { engine: EngineClient; framesOf: (image: number) => readonly RollFrame[] },
): Promise<FoundMasks> {
  const reader = new FolderReader();
  const files = await listMasks(folder, reader);
  if (files.length === 0) throw nothingFound(folder, 'masks lie in CLASS/ground_truth/KIND/STEM_mask.png.');
  const { matched, unmatched, withoutFrame } = matchMasks(files, images, framesOf);
  const problems: FoundMasks['problems'] = unmatched.map((path) => ({
    kind: 'mask-without-image',
    path,
    message: `${path} belongs to no image of the dataset: classes, defect types and names must match.`,
  }));
  for (const { path, roll } of withoutFrame)
    problems.push({
      kind: 'mask-without-image',
      path,
      message: `${path} belongs to no frame of the roll ${roll.name}: a mask of a frame has its name.`,
    });
  const masks: IncomingMask[] = [];
  for (const of of Map.groupBy(matched, ({ target }) => target.image).values()) {
    const [{ target }] = of;
    const whole = of.filter(({ target: { frame } }) => !frame);
    const chosen = whole.length > 0 ? whole.slice(0, 1) : of;
    for (const other of of.filter((each) => !chosen.includes(each))) {
      const message = `${other.path} and ${chosen[0].path} are masks of the same image. The first one is skipped.`;
      problems.push({ kind: 'ambiguous', path: other.path, message });
    }
    if (whole.length > 0) masks.push(wholeMask(chosen[0], engine));
    else masks.push(stackedMask(target.image, chosen, engine));
    const missing = whole.length > 0 ? 0 : withoutMask(framesOf(target.image.id), chosen);
    if (missing > 0)
      problems.push({
        kind: 'note',
        path: chosen[0].path,
        message: `${missing} of ${framesOf(target.image.id).length} frames of ${target.image.name} have no mask in ${folder}. They count as normal.`,
      });
  }
  for (const { path, error } of reader.unreadable)
    problems.push({ kind: 'unreadable', path, message: error.message });
  return { masks, problems };
}

async function listMasks(folder: string, reader: FolderReader): Promise<MaskFile[]> {
  const { folders } = await listFolder(folder);
  const isClass = folders.some((name) => maskFolder(name) === 'masks');
  return (await imagesBelow(reader, folder)).flatMap(({ path, folders: between, name }): MaskFile[] => {
    const whole = isClass ? [basename(folder), ...between] : between;
    const at = whole.findIndex((entry) => maskFolder(entry) === 'masks');
    if (at < 1) return [];
    const [kind = '', ...below] = whole.slice(at + 1);
    return [{ path, textureClass: whole.slice(0, at).join('-'), kind, folders: below, stem: stemOf(name) }];
  });
}

function wholeMask({ path, target: { image } }: Matched, engine: EngineClient): IncomingMask {
  const { width, height } = image;
  const { path: source } = imageSource(image);
  const request = { mask: { path, maxPixels: DEFAULT_MAX_PIXELS }, width, height, image: source };
  return {
    image,
    path,
    mayBeNormal: true,
    read: (signal) => engine.request('normalizeMask', request, { signal }),
  };
}

/** The masks of frames as one mask of their roll. */
function stackedMask(image: StoredImage, of: readonly Matched[], engine: EngineClient): IncomingMask {
  const { width, height, path: roll, direction = 'down' } = image;
  const frames = of.flatMap(({ path, target: { frame } }) =>
    frame ? [{ path, offset: frame.offset, length: frame.length }] : [],
  );
  return {
    image,
    path: of[0].path,
    mayBeNormal: true,
    read: (signal) =>
      engine.request(
        'normalizeMask',
        { mask: { frames, direction }, width, height, image: roll },
        { signal },
      ),
  };
}

function withoutMask(frames: readonly RollFrame[], of: readonly Matched[]): number {
  const masked = new Set(of.map(({ target }) => target.frame?.name));
  return frames.filter(({ name }) => !masked.has(name)).length;
}
