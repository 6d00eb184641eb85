import { stemOf } from '../../library/adjacent-masks.ts';
import { imageStemOf } from '../../library/folder-names.ts';
import type { FileBelow } from '../../library/folder-listing.ts';

/** A file by its path below its class: the defect type, the folders below it, and the stem. */
export interface Placed {
  path: string;
  defectType: string;
  folders: readonly string[];
  stem: string;
}

/** A file below a class's split or mask folder. Its first folder is the defect type. */
export function placedFile({ path, folders: [defectType = '', ...folders], name }: FileBelow): Placed {
  return { path, defectType, folders, stem: stemOf(name) };
}

export interface Pairs {
  /** Masks by the path of their image. */
  masks: Map<string, string[]>;
  /** Masks without an image. */
  unpaired: string[];
  /** Masks that match several images (`a.png` and `a.jpg`), with the chosen image. */
  ambiguous: { mask: string; image: string; others: string[] }[];
}

/**
 * Finds the image of each mask. Names are compared in NFC, first exactly, then in any case; an image may have
 * several masks (`000_mask1`, `000_mask2`, or a folder `000` of masks as in MVTec LOCO). Masks outside the
 * folders of defect types belong to the only image with their stem.
 */
export function pairMasks(images: readonly Placed[], masks: readonly Placed[]): Pairs {
  const pairs: Pairs = { masks: new Map(), unpaired: [], ambiguous: [] };
  const rules: readonly {
    imageKey: (image: Placed) => string;
    maskKeys: (mask: Placed) => string[];
    onlyOne?: true;
  }[] = [
    { imageKey: exactKey, maskKeys: (mask) => stemsOf(mask).map(exactKey) },
    { imageKey: foldedKey, maskKeys: (mask) => stemsOf(mask).map(foldedKey) },
    {
      imageKey: ({ stem }) => foldedStem(stem),
      maskKeys: (mask) => (mask.defectType === '' ? stemsOf(mask).map(({ stem }) => foldedStem(stem)) : []),
      onlyOne: true,
    },
  ];
  const indexes = rules.map(({ imageKey }) => Map.groupBy(images, imageKey));
  for (const mask of masks) {
    const claimed = rules
      .flatMap(({ maskKeys, onlyOne }, at) =>
        maskKeys(mask).flatMap((key) => {
          const found = indexes[at].get(key) ?? [];
          return found.length === 0 || (onlyOne && found.length > 1) ? [] : [found];
        }),
      )
      .at(0);
    if (claimed === undefined) {
      pairs.unpaired.push(mask.path);
      continue;
    }
    const [image, ...others] = claimed;
    pairs.masks.set(image.path, [...(pairs.masks.get(image.path) ?? []), mask.path]);
    if (others.length > 0)
      pairs.ambiguous.push({ mask: mask.path, image: image.path, others: others.map(({ path }) => path) });
  }
  return pairs;
}

/** Candidate paths of the image of a mask, the most likely first. */
function stemsOf(mask: Placed): Placed[] {
  const { folders, stem } = mask;
  const own = [imageStemOf(stem), stem].map((name) => ({ ...mask, stem: name }));
  const last = folders.at(-1);
  return last === undefined ? own : [...own, { ...mask, folders: folders.slice(0, -1), stem: last }];
}

function exactKey({ defectType, folders, stem }: Placed): string {
  return [defectType, ...folders, stem].join('/').normalize('NFC');
}

const foldedKey = (placed: Placed) => exactKey(placed).toLowerCase();
const foldedStem = (stem: string) => stem.normalize('NFC').toLowerCase();
