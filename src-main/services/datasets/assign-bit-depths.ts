import type { Problem } from '../../common/api/datasets.ts';
import type { Store } from '../../store/store.ts';
import { classBitDepths } from './class-bit-depths.ts';

/**
 * Detects the bit depths of the 16-bit images of a dataset per class and stores them. Results at a different depth are removed.
 *
 * @returns a note for each class with 16-bit images
 */
export function assignBitDepths(store: Store, dataset: number): Problem[] {
  const { bitDepth: chosen, root } = store.datasets.get(dataset);
  const changed = new Map<number, number | undefined>();
  const notes: Problem[] = [];
  for (const [textureClass, images] of Map.groupBy(
    store.images.listByDataset(dataset),
    (image) => image.textureClass,
  )) {
    if (images.every(({ used }) => !used)) continue;
    const depths = classBitDepths(images.map(({ used }) => used ?? null)).map(
      (found) => found && (chosen ?? found),
    );
    for (const [at, { id, bitDepth }] of images.entries())
      if (bitDepth !== depths[at]) changed.set(id, depths[at]);
    const counts = Map.groupBy(depths, (bits) => bits);
    for (const [bits, { length }] of counts) {
      if (bits === undefined || (bits === 16 && chosen === null)) continue;
      const count = length === 1 ? '1 image' : `${length} images`;
      const why = chosen === null ? 'based on the values of the class' : 'as chosen';
      const message = `${textureClass}: ${count} with 16 bits ${length === 1 ? 'is' : 'are'} read as ${bits}-bit, ${why}.`;
      notes.push({ kind: 'note', path: root, message });
    }
  }
  if (changed.size > 0) store.images.setBitDepths(changed);
  return notes;
}
