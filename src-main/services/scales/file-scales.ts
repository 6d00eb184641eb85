import type { Problem } from '../../common/api/datasets.ts';
import type { ScaleProposal } from '../../common/api/scale.ts';
import { formatScale, programResolution, type PixelSize, scaleOfPixel } from '../../common/scale.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';

/** The scales that the files of a class declare, the most frequent first. */
export function fileScales(store: Store, dataset: number, textureClass: string): ScaleProposal[] {
  const images = store.images.listByClass(dataset, textureClass).filter(({ state }) => state === 'present');
  const direction = images.map(({ id }) => store.rolls.find(id)?.direction).find(Boolean);
  const sizes = Map.groupBy(
    images.flatMap(({ pixelSize }) => pixelSize ?? []),
    ({ x, y }) => `${x} ${y}`,
  );
  return [...sizes.values()]
    .sort((one, other) => other.length - one.length)
    .map((group) => ({
      textureClass,
      scale: scaleOfPixel(group[0], direction),
      images: group.length,
      ...doubt(group[0], sizes.size),
    }));
}

function doubt(size: PixelSize, declared: number): { doubt?: string } {
  const resolution = programResolution(size);
  if (resolution !== undefined)
    return { doubt: `Programs write ${resolution} dpi where they know no resolution.` };
  if (declared > 1) return { doubt: 'Files of the class declare different resolutions.' };
  return {};
}

/**
 * Gives the classes of an import the scale that their files declare without doubt. A class that has a scale keeps it, and so does one
 * whose files declared one before the import: a person may have removed it.
 *
 * @param before the images before the import
 * @returns a note for each class that got a scale
 */
export function adoptFileScales(store: Store, dataset: number, before: readonly StoredImage[]): Problem[] {
  const { root } = store.datasets.get(dataset);
  const known = new Set(before.flatMap(({ textureClass, pixelSize }) => (pixelSize ? textureClass : [])));
  return store.datasets.countClasses(dataset).flatMap(({ textureClass }) => {
    if (known.has(textureClass) || store.classScales.find(dataset, textureClass)) return [];
    const [first] = fileScales(store, dataset, textureClass);
    if (!first || first.doubt !== undefined) return [];
    store.classScales.set(dataset, textureClass, { scale: first.scale, source: 'file', author: '' });
    const message = `${textureClass}: the scale is ${formatScale(first.scale)}, the resolution of its files.`;
    return [{ kind: 'note', path: root, message }];
  });
}
