import { setTimeout as delay } from 'node:timers/promises';
import type { CheckEvent, Problem } from '../../api/datasets.ts';
import { reportOf } from '../../api/errors.ts';
import { sha256Of } from '../../files/sha256.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';
import { atOnce } from './at-once.ts';

/** Between two events of progress, in milliseconds. */
const PROGRESS_EVERY_MS = 100;

/** Files read at once. */
const AT_ONCE = 4;

/** Reads every file of a dataset and keeps whether it is still what was imported. @throws PerchError `NOT_FOUND`, `CANCELLED` */
export async function* checkDataset(
  store: Store,
  dataset: number,
  signal: AbortSignal,
): AsyncGenerator<CheckEvent, void, void> {
  store.datasets.get(dataset);
  const files = [...Map.groupBy(store.images.of(dataset), ({ path }) => path)];
  const problems: Problem[][] = [];
  let done = 0;
  let working = true;
  const work = atOnce(files, AT_ONCE, async ([path, images], index) => {
    signal.throwIfAborted();
    problems[index] = await checkFile(store, path, images);
    done++;
  }).finally(() => (working = false));
  while (working) {
    yield { type: 'progress', done, total: files.length };
    await Promise.race([work, delay(PROGRESS_EVERY_MS)]);
  }
  await work;
  yield { type: 'progress', done, total: files.length };
  yield { type: 'checked', problems: problems.flat() };
}

async function checkFile(store: Store, path: string, images: readonly StoredImage[]): Promise<Problem[]> {
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
