import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { contentSha256, fileTimes } from '../datasets/file-content.ts';
import type { PlannedImage } from '../datasets/layouts/layout.ts';
import type { ImportPlan } from '../datasets/plan-import.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';

/**
 * The plan of a dataset in which the frames of its rolls are not images of their own. A folder with the frames of a roll whose folder is
 * gone is that roll, renamed.
 */
export async function withKnownRolls(store: Store, plan: ImportPlan): Promise<ImportPlan> {
  const existing = store.datasets.getByRoot(plan.root);
  const known = (existing ? store.images.listByDataset(existing.id) : []).filter(
    ({ direction }) => direction !== undefined,
  );
  if (known.length === 0) return plan;
  const found = known.filter(({ path }) => existsSync(path));
  const renamed = await findRenamed(
    known.filter((roll) => !found.includes(roll)),
    plan.images,
  );
  const rolls = [
    ...found.map((roll) => ({ roll, path: roll.path, name: roll.name })),
    ...renamed.map(({ roll, path }) => ({ roll, path, name: basename(path) })),
  ];
  const paths = new Set(rolls.map(({ path }) => path));
  const [images, frames] = [false, true].map((isFrame) =>
    plan.images.filter(({ path }) => paths.has(dirname(path)) === isFrame),
  );
  return {
    ...plan,
    images: [...images, ...rolls.map(({ roll, path, name }) => plannedRoll(roll, path, name))],
    problems: [...plan.problems, ...unreadMasks(frames)],
  };
}

function plannedRoll(
  { textureClass, defectType, split, direction }: StoredImage,
  path: string,
  name: string,
) {
  return {
    path,
    name,
    textureClass,
    defectType,
    split,
    normal: false,
    masks: [],
    strip: false,
    roll: { stated: { direction }, isFolder: true },
  };
}

/** The folders of a plan that have the content of rolls whose folder is gone. Only folders of the same size are read. */
async function findRenamed(
  gone: readonly StoredImage[],
  images: readonly PlannedImage[],
): Promise<{ roll: StoredImage; path: string }[]> {
  const folders = gone.length === 0 ? [] : [...new Set(images.map(({ path }) => dirname(path)))];
  const left = new Set(gone);
  const renamed: { roll: StoredImage; path: string }[] = [];
  for (const path of folders) {
    const candidates = await ofSize(path, left);
    const sha256 = candidates.length > 0 ? await contentSha256(path) : '';
    const roll = candidates.find(({ file }) => file.sha256 === sha256);
    if (!roll) continue;
    left.delete(roll);
    renamed.push({ roll, path });
  }
  return renamed;
}

async function ofSize(path: string, rolls: Iterable<StoredImage>): Promise<StoredImage[]> {
  try {
    const { bytes } = await fileTimes(path);
    return [...rolls].filter(({ file }) => file.bytes === bytes);
  } catch {
    // Whether a folder can be read is no matter here: the import of its images reports it.
    return [];
  }
}

function unreadMasks(frames: readonly PlannedImage[]): ImportPlan['problems'] {
  const masks = frames.flatMap((frame) => frame.masks);
  if (masks.length === 0) return [];
  const count = masks.length === 1 ? 'one mask' : `${masks.length} masks`;
  return [
    {
      kind: 'note',
      path: masks[0],
      message: `${masks[0]}: The import reads no masks of frames, ${count} here. Import them as annotations.`,
    },
  ];
}
