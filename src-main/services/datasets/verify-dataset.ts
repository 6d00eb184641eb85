import { setTimeout as delay } from 'node:timers/promises';
import type { VerifyEvent, Problem } from '../../common/api/datasets.ts';
import type { Store } from '../../store/store.ts';
import { mapConcurrent } from '../map-concurrent.ts';
import { verifyFile, verifyMasks } from './verify-file.ts';
import { relativeProblems } from './relative-problems.ts';

/** Interval of progress events. */
const PROGRESS_EVERY_MS = 100;

/** Files read in parallel. */
const CONCURRENCY = 4;

/** Reads every file of a dataset and records whether it is unchanged. @throws PerchError `NOT_FOUND`, `CANCELED` */
export async function* verifyDataset(
  store: Store,
  dataset: number,
  signal: AbortSignal,
): AsyncGenerator<VerifyEvent, void, void> {
  const { root } = store.datasets.get(dataset);
  const files = [...Map.groupBy(store.images.listByDataset(dataset), ({ path }) => path)];
  const problems: Problem[][] = [];
  let done = 0;
  let working = true;
  const work = mapConcurrent(files, CONCURRENCY, async ([path, images], index) => {
    signal.throwIfAborted();
    problems[index] = [...(await verifyFile(store, path, images)), ...(await verifyMasks(images[0], root))];
    done++;
  }).finally(() => (working = false));
  while (working) {
    yield { type: 'progress', done, total: files.length };
    await Promise.race([work, delay(PROGRESS_EVERY_MS)]);
  }
  await work;
  yield { type: 'progress', done, total: files.length };
  yield { type: 'verified', problems: relativeProblems(problems.flat(), root) };
}
