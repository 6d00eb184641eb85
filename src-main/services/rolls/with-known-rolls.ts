import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ImportPlan } from '../datasets/plan-import.ts';
import type { Store } from '../../store/store.ts';

/** The plan of a dataset in which the frames of its rolls are not images of their own. */
export function withKnownRolls(store: Store, plan: ImportPlan): ImportPlan {
  const existing = store.datasets.getByRoot(plan.root);
  const folders = (existing ? store.images.listByDataset(existing.id) : []).filter(
    ({ direction }) => direction !== undefined,
  );
  if (folders.length === 0) return plan;
  const paths = new Set(folders.map(({ path }) => path));
  const rolls = folders
    .filter(({ path }) => existsSync(path))
    .map(({ path, name, textureClass, defectType, split }) => ({
      ...{ path, name, textureClass, defectType, split, normal: false, masks: [], strip: false },
      roll: { stated: {}, isFolder: true },
    }));
  return { ...plan, images: [...plan.images.filter(({ path }) => !paths.has(dirname(path))), ...rolls] };
}
