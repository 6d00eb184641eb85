/** The meaning of folder names in published datasets, in any case and spelling. */

/** A name's words in lower case: `GroundTruth`, `ground_truth` and `ground-truth` are equal. */
function words(name: string): string[] {
  return name
    .normalize('NFC')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

export type SplitName = 'train' | 'validation' | 'test';

/**
 * The split that a folder's name denotes: `Test`, `test_public`, `training`, `val`; undefined for any other
 * name.
 */
export function splitOf(name: string): SplitName | undefined {
  const joined = words(name).join('');
  const [, split] =
    /^(train|test|val)(?:ing|id|idation)?(?:set|data|images?|imgs?|public|private|privatemixed)?$/.exec(
      joined,
    ) ?? [];
  return split === 'val' ? 'validation' : (split as 'train' | 'test' | undefined);
}

const GOOD = new Set(['good', 'goods', 'ok', 'okay', 'normal', 'normals', 'gut', 'io']);

/** Whether a folder with this name contains normal images. */
export function isGoodName(name: string): boolean {
  const joined = words(name).join('');
  return (
    GOOD.has(joined.replace(/(images?|imgs?|samples?)$/, '')) ||
    /^(no|non|without)(defect|anomal)/.test(joined) ||
    /^(defects?|anomaly)(free|less)$/.test(joined)
  );
}

/**
 * Whether a folder with this name contains masks. `unclear` if the name may also be a texture class, such as
 * printed labels.
 */
export function maskFolder(name: string): 'masks' | 'unclear' | undefined {
  const parts = words(name);
  const joined = parts.join('');
  if (
    /groundtruth/.test(joined) ||
    parts.some((part) => /^(gts?|masks?|segmentations?|annotations?)$/.test(part))
  )
    return 'masks';
  if (/^(binary|defect|anomaly|seg|pixel)?masks?(images?|imgs?)?$|^seg(mentation)?class$/.test(joined))
    return 'masks';
  return parts.some((part) => /^labels?$/.test(part)) ? 'unclear' : undefined;
}

/** Whether a folder's name only says that it contains images: `images`, `Imgs`. */
export function isImagesName(name: string): boolean {
  return /^(images?|imgs?|jpegimages|pictures?|inputs?|originals?)$/.test(words(name).join(''));
}

/** Mask name suffixes after the image's stem, in any case. */
const MASK_ENDING =
  /[ ._-]?(?:(?:defect|anomaly|binary|seg|bin)[ ._-]?)?(?:mask|gt|label|groundtruth|ground_truth|seg(?:mentation)?|annotation)[ ._-]?\d*$/i;

/**
 * The stem of a mask's image, from the mask's stem: `000` for `000_mask`, `000_Mask2`, `000_GT` and `000`.
 */
export function imageStemOf(maskStem: string): string {
  const stem = maskStem.replace(MASK_ENDING, '');
  return stem === '' ? maskStem : stem;
}
