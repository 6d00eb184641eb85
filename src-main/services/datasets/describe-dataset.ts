import { relative } from 'node:path';
import type { ClassCounts, Dataset, DatasetImage, ImportPreview } from '../../common/api/datasets.ts';
import { needsTiles } from '../../common/tiles.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';
import { imageLabelOf } from './image-label.ts';
import type { PlannedImage } from './layouts/layout.ts';
import type { ImportPlan } from './plan-import.ts';

/** A dataset as defined by the contract. @throws PerchError `NOT_FOUND` */
export function describeDataset(store: Store, id: number): Dataset {
  return { ...store.datasets.get(id), classes: store.datasets.countClasses(id) };
}

/** An image as defined by the contract. */
export function describeImage(image: StoredImage): DatasetImage {
  const { id, name, textureClass, defectType, split, width, height } = image;
  const { groundTruth, mask, revision, annotated, state, thumbnail } = image;
  return {
    id,
    name,
    textureClass,
    defectType,
    split,
    width,
    height,
    ...(isDrawnAsTiles(image) && { tiled: true }),
    ...(image.bitDepth === undefined ? {} : { bitDepth: image.bitDepth }),
    groundTruth,
    label: imageLabelOf(image),
    mask,
    revision,
    annotated,
    state,
    thumbnail,
  };
}

/** Counts of each class, derived from paths. A strip counts as one image. */
export function countPlanned({ images }: ImportPlan): ClassCounts[] {
  return [...Map.groupBy(images, ({ textureClass }) => textureClass)].map(([textureClass, of]) => {
    const count = (which: (image: PlannedImage) => boolean) => of.filter(which).length;
    const test = (which: (image: PlannedImage) => boolean) =>
      count((image) => image.split === 'test' && which(image));
    return {
      textureClass,
      images: of.length,
      train: count(({ split }) => split === 'train'),
      masked: test(({ masks, normal }) => !normal && masks.length > 0),
      unmasked: test(
        ({ masks, normal, defectType, strip }) =>
          !normal && !strip && masks.length === 0 && defectType !== '',
      ),
      normal: test(({ normal }) => normal),
      unknown: test(
        ({ masks, normal, defectType, strip }) =>
          !normal && masks.length === 0 && (strip || defectType === ''),
      ),
    };
  });
}

/** The role of the files in each folder, images first, then masks. */
export function explainPlan({ images, root }: ImportPlan): ImportPreview['roles'] {
  const rows = new Map<string, ImportPreview['roles'][number]>();
  const count = (folder: string, role: string) => {
    const key = JSON.stringify([folder, role]);
    const row = rows.get(key) ?? { folder, role, files: 0 };
    rows.set(key, { ...row, files: row.files + 1 });
  };
  for (const image of images) count(folderOf(image.name), meaningOf(image));
  for (const { masks, textureClass } of images) {
    for (const mask of masks) {
      const path = relative(root, mask).replaceAll('\\', '/');
      const below = path.startsWith(`${textureClass}/`) ? path.slice(textureClass.length + 1) : path;
      count(path.startsWith('../') ? folderOf(mask) : folderOf(below), 'masks');
    }
  }
  return [...rows.values()];
}

const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/'))) || '.';

function meaningOf({ split, normal, defectType, masks, strip }: PlannedImage): string {
  const what = strip ? 'strips' : 'images';
  const state = normal
    ? 'normal'
    : defectType !== ''
      ? `defective (${defectType})`
      : masks.length > 0
        ? 'normal or defective according to their masks'
        : 'ground truth unknown';
  return `${split === 'train' ? 'training' : 'test'} ${what}, ${state}`;
}

/** Frames of a folder are one image only to readers of large images. */
function isDrawnAsTiles(image: StoredImage): boolean {
  return image.direction !== undefined || needsTiles(image);
}
