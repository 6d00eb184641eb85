import type { Layout as LayoutName, Problem } from '../../../common/api/datasets.ts';
import type { FolderReader } from '../../library/folder-listing.ts';
import type { StatedRoll } from '../../rolls/state-roll.ts';

/** An image file to import, with the information from its path. */
export interface PlannedImage {
  /** Absolute path. */
  path: string;
  /** Path below its class, with `/`. */
  name: string;
  textureClass: string;
  /** `good` for normal images, the defect type for others, empty if the path contains neither. */
  defectType: string;
  split: 'train' | 'test';
  /** Whether its path identifies it as normal. */
  normal: boolean;
  /** Absolute paths of its masks, which are merged. */
  masks: string[];
  /** Whether it is a strip of fabric, which is cut into square tiles. */
  strip: boolean;
  /** Makes the image a roll. A folder is a roll of frames. */
  roll?: { stated: StatedRoll; isFolder: boolean };
}

/** A dataset folder's images in order, and problems. */
export interface Plan {
  images: PlannedImage[];
  problems: Problem[];
  /** Why the user has to choose a layout first. */
  blockedReason?: string;
}

/** A layout of datasets on disk. */
export interface Layout {
  name: LayoutName;
  /** Whether a folder has this layout. */
  matches(root: string, reader: FolderReader): Promise<boolean>;
  /** Lists the images. The reader records unreadable folders. */
  plan(root: string, reader: FolderReader): Promise<Plan>;
  /** Default ignored border, in pixels, for images with this shorter side. */
  ignoreBorder(side: number): number;
}

/** The defect type of normal images. */
export const GOOD = 'good';

/**
 * Default border if the paper states none: it covers the edge effects of small filters, and never most of a
 * small image.
 */
export function defaultIgnoreBorder(side: number): number {
  return Math.min(16, Math.floor(side / 16));
}

/** The entry with a name, in any case and Unicode form. */
export function entryNamed(names: readonly string[], name: string): string | undefined {
  const folded = (text: string) => text.normalize('NFC').toLowerCase();
  return names.find((entry) => folded(entry) === folded(name));
}

/** Problems with masks that match no image or several images. */
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
      message: `${mask} is used as the mask of ${image}, but ${others.join(', ')} has the same name.`,
    })),
  ];
}

export function maskWithoutImage(path: string): Problem {
  return {
    kind: 'mask-without-image',
    path,
    message: `${path} looks like a mask, but no image has its name. It is skipped.`,
  };
}
