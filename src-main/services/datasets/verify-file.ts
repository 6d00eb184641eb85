import { join } from 'node:path';
import type { Problem } from '../../common/api/datasets.ts';
import { reportOf } from '../../common/api/errors.ts';
import { sha256Of } from '../../files/sha256.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';
import { contentSha256 } from './file-content.ts';

/** Reads a file and records whether it is unchanged since the import. */
export async function verifyFile(
  store: Store,
  path: string,
  images: readonly StoredImage[],
): Promise<Problem[]> {
  const { state, problem } = await stateOf(path, images);
  const stale = images.filter((image) => image.state !== state);
  if (stale.length > 0) store.transaction(() => stale.forEach(({ id }) => store.images.setState(id, state)));
  return problem ? [problem] : [];
}

async function stateOf(
  path: string,
  images: readonly StoredImage[],
): Promise<{ state: StoredImage['state']; problem?: Problem }> {
  try {
    const sha256 = await contentSha256(path);
    if (images.every(({ file }) => file.sha256 === sha256)) return { state: 'present' };
    const message = `${path} has changed since the import. Import its dataset again to update it.`;
    return { state: 'changed', problem: { kind: 'changed', path, message } };
  } catch (thrown) {
    const { code, message } = reportOf(thrown);
    const kind = code === 'NOT_FOUND' ? 'missing' : 'unreadable';
    return { state: 'missing', problem: { kind, path, message } };
  }
}

/** Reads the mask files of an image and reports changed ones. The stored ground truth is kept. */
export async function verifyMasks({ maskFiles }: StoredImage, root: string): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { path: below, sha256 } of maskFiles ?? []) {
    const path = join(root, below);
    try {
      if ((await sha256Of(path)) === sha256) continue;
      const message = `The mask ${path} has changed since the import. Import its dataset again to update it.`;
      problems.push({ kind: 'changed', path, message });
    } catch (thrown) {
      const { code, message } = reportOf(thrown);
      problems.push({ kind: code === 'NOT_FOUND' ? 'missing' : 'unreadable', path, message });
    }
  }
  return problems;
}
