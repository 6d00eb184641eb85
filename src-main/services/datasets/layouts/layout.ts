import type { Layout as LayoutName, Problem } from '../../../api/datasets.ts';
import type { Folder } from './folder-listing.ts';

/** An image file that an import would take, as far as its place on disk tells. */
export interface PlannedImage {
  /** Absolute path. */
  path: string;
  /** Path below its class, with `/`. */
  name: string;
  textureClass: string;
  kind: string;
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
}

/** How a dataset lies on disk. */
export interface Layout {
  name: LayoutName;
  /** Whether a folder has the shape of this layout. */
  recognises(root: Folder): Promise<boolean>;
  /** Lists the images; folders that cannot be read become problems. */
  plan(root: string): Promise<Plan>;
  /** Pixels to cut at every side before figures, for images of this shorter side. */
  border(side: number): number;
}

/** The border where the paper names none: what filters of a few pixels disturb, and never most of a small image. */
export function smallBorder(side: number): number {
  return Math.min(16, Math.floor(side / 16));
}
