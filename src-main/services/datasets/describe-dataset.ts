import type { ClassCounts, Dataset, DatasetImage } from '../../api/datasets.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';
import type { ImportPlan } from './plan.ts';

/** A dataset as the contract has it. @throws PerchError `NOT_FOUND` */
export function describeDataset(store: Store, id: number): Dataset {
  return { ...store.datasets.get(id), classes: store.datasets.classes(id) };
}

/** An image as the contract has it. */
export function describeImage(image: StoredImage): DatasetImage {
  const { id, name, textureClass, kind, split, width, height } = image;
  const { groundTruth, mask, revision, annotated, state, thumbnail } = image;
  return {
    id,
    name,
    textureClass,
    kind,
    split,
    width,
    height,
    groundTruth,
    mask,
    revision,
    annotated,
    state,
    thumbnail,
  };
}

/** What the places of files tell of the counts of each class; a strip counts as one image. */
export function countPlanned({ images }: ImportPlan): ClassCounts[] {
  return [...Map.groupBy(images, ({ textureClass }) => textureClass)].map(([textureClass, of]) => {
    const count = (which: (image: (typeof of)[number]) => boolean) => of.filter(which).length;
    return {
      textureClass,
      images: of.length,
      train: count(({ split }) => split === 'train'),
      masked: count(({ masks, normal }) => !normal && masks.length > 0),
      normal: count(({ normal }) => normal),
      unknown: count(({ masks, normal }) => !normal && masks.length === 0),
    };
  });
}
