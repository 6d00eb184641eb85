import { setTimeout as delay } from 'node:timers/promises';
import type { CheckEvent, Problem } from '../../common/api/datasets.ts';
import type { Store } from '../../store/store.ts';
import { atOnce } from '../map-concurrent.ts';
import { checkFile, checkMasks } from './verify-file.ts';
import { relativeProblems } from './relative-problems.ts';

/** Between two events of progress, in milliseconds. */
const PROGRESS_EVERY_MS = 100;

/** Files read at once. */
const AT_ONCE = 4;

/** Reads every file of a dataset and keeps whether it is still what was imported. @throws PerchError `NOT_FOUND`, `CANCELED` */
export async function* checkDataset(
  store: Store,
  dataset: number,
  signal: AbortSignal,
): AsyncGenerator<CheckEvent, void, void> {
  const { root } = store.datasets.get(dataset);
  const files = [...Map.groupBy(store.images.of(dataset), ({ path }) => path)];
  const problems: Problem[][] = [];
  let done = 0;
  let working = true;
  const work = atOnce(files, AT_ONCE, async ([path, images], index) => {
    signal.throwIfAborted();
    problems[index] = [...(await checkFile(store, path, images)), ...(await checkMasks(images[0], root))];
    done++;
  }).finally(() => (working = false));
  while (working) {
    yield { type: 'progress', done, total: files.length };
    await Promise.race([work, delay(PROGRESS_EVERY_MS)]);
  }
  await work;
  yield { type: 'progress', done, total: files.length };
  yield { type: 'checked', problems: relativeProblems(problems.flat(), root) };
}
