import type { Layout as LayoutName, Problem } from '../../../common/api/datasets.ts';
import type { FolderReader } from '../../library/folder-listing.ts';

/** An image file that an import would take, as far as its place on disk tells. */
export interface PlannedImage {
  /** Absolute path. */
  path: string;
  /** Path below its class, with `/`. */
  name: string;
  textureClass: string;
  /** `good` for normal images, the kind of defect for others, empty where the place says neither. */
  defectType: string;
  split: 'train' | 'test';
  /** Whether its place says that it is normal all over. */
  normal: boolean;
  /** Absolute paths of its masks; several are united. */
  masks: string[];
  /** Whether it is a strip of fabric, to be cut into squares. */
  strip: boolean;
}

/** What lies in the folder of a dataset: its images in order, and what a person should know. */
export interface Plan {
  images: PlannedImage[];
  problems: Problem[];
  /** Why nothing may be imported before a person has chosen a layout. */
  blockedReason?: string;
}

/** How a dataset lies on disk. */
export interface Layout {
  name: LayoutName;
  /** Whether a folder has the shape of this layout. */
  matches(root: string, reader: FolderReader): Promise<boolean>;
  /** Lists the images; folders that cannot be read are known to the reader. */
  plan(root: string, reader: FolderReader): Promise<Plan>;
  /** Pixels to cut at every side before metrics, for images of this shorter side. */
  ignoreBorder(side: number): number;
}

/** The kind of images that are normal all over. */
export const GOOD = 'good';

/** The border where the paper names none: what filters of a few pixels disturb, and never most of a small image. */
export function defaultIgnoreBorder(side: number): number {
  return Math.min(16, Math.floor(side / 16));
}

/** The entry of a name, in any case and Unicode form. */
export function entryNamed(names: readonly string[], name: string): string | undefined {
  const folded = (text: string) => text.normalize('NFC').toLowerCase();
  return names.find((entry) => folded(entry) === folded(name));
}

/** The problems of masks that were not simply paired with an image. */
export function pairingProblems({
  unpaired,
  ambiguous,
}: {
  unpaired: readonly string[];
  ambiguous: readonly { mask: string; image: string; others: string[] }[];
}): Problem[] {
  return [
    ...unpaired.map(maskWithoutImage),
    ...ambiguous.map(({ mask, image, others }) => ({
      kind: 'ambiguous' as const,
      path: mask,
      message: `${mask} is taken as the mask of ${image}, but ${others.join(', ')} has the same name.`,
    })),
  ];
}

export function maskWithoutImage(path: string): Problem {
  return {
    kind: 'mask-without-image',
    path,
    message: `${path} looks like a mask, but there is no image of this name. It is left out.`,
  };
}
