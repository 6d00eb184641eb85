import { dirname } from 'node:path';
import type { ImportPreview } from '../../common/api/datasets.ts';
import type { ImportPlan } from '../datasets/plan-import.ts';

/** What of an import can be one roll instead: its only file, or its only folder of images. */
export function previewRoll(
  { images, layout }: Pick<ImportPlan, 'images' | 'layout'>,
  paths: readonly string[],
): ImportPreview['roll'] {
  if (layout.name !== 'folder' || paths.length !== 1 || images.some(({ roll }) => roll)) return undefined;
  const folders = new Set(images.map(({ path }) => dirname(path)));
  const [first] = images;
  if (images.length === 1) return { path: first.path, frames: 1 };
  const isSequence = folders.size === 1 && images.every(({ masks }) => masks.length === 0);
  return isSequence ? { path: dirname(first.path), frames: images.length } : undefined;
}
