import type { Problem } from '../../api/datasets.ts';
import { reportOf } from '../../api/errors.ts';
import { sha256Of } from '../../files/sha256.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';

/** Reads a file and keeps whether it is still what was imported. */
export async function checkFile(
  store: Store,
  path: string,
  images: readonly StoredImage[],
): Promise<Problem[]> {
  const { state, problem } = await stateOf(path, images);
  const stale = images.filter((image) => image.state !== state);
  if (stale.length > 0) store.writing(() => stale.forEach(({ id }) => store.images.setState(id, state)));
  return problem ? [problem] : [];
}

async function stateOf(
  path: string,
  images: readonly StoredImage[],
): Promise<{ state: StoredImage['state']; problem?: Problem }> {
  try {
    const sha256 = await sha256Of(path);
    if (images.every(({ file }) => file.sha256 === sha256)) return { state: 'present' };
    const message = `${path} is not what was imported. Import its dataset again to take it as it is now.`;
    return { state: 'changed', problem: { kind: 'changed', path, message } };
  } catch (thrown) {
    const { code, message } = reportOf(thrown);
    const kind = code === 'NOT_FOUND' ? 'missing' : 'unreadable';
    return { state: 'missing', problem: { kind, path, message } };
  }
}
