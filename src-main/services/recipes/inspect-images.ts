import { PerchError } from '../../common/api/errors.ts';
import type { Run } from '../../common/api/runs.ts';
import type { Services } from '../types.ts';

/** The images of a class that a method inspects. */
export interface ImagesToInspect {
  dataset: number;
  textureClass: string;
  method: number;
  images: readonly number[];
}

type Runs = Pick<Services['runs'], 'start' | 'watch' | 'items' | 'cancel'>;

/**
 * Inspects images in a run before all queued ones, and yields its progress. Cancels the run if the caller stops early; results are
 * kept.
 *
 * @throws PerchError `CANCELED` if the run is paused or canceled or `signal` aborts; the first failure if an image could not be
 * inspected; store errors
 */
export async function* inspectImages(
  runs: Runs,
  { dataset, textureClass, method, images }: ImagesToInspect,
  signal: AbortSignal,
): AsyncGenerator<{ done: number; total: number }, void, void> {
  const { id } = await runs.start(
    {
      dataset,
      classes: [textureClass],
      methods: [method],
      images: [...images],
      split: 'all',
      first: true,
      provider: 'auto',
    },
    signal,
  );
  let run: Run | undefined;
  try {
    for await (const event of await runs.watch(undefined, signal)) {
      if (event.type === 'halted') throw new PerchError(event.error.code, event.error.message);
      if (event.type !== 'runs') continue;
      run = event.runs.find((each) => each.id === id);
      if (!run || run.state === 'done') break;
      if (run.heldBy) throw new PerchError('STORE_BUSY', run.heldBy);
      if (run.state === 'canceled' || run.state === 'paused') break;
      yield { done: run.counts.done + run.counts.failed, total: run.total };
    }
  } finally {
    if (run?.state !== 'done') await runs.cancel({ run: id }, new AbortController().signal);
  }
  if (run?.state !== 'done') throw new PerchError('CANCELED', 'The inspection of the images was canceled.');
  if (run.counts.failed > 0) await throwFailure(runs, id, run.counts.failed);
}

async function throwFailure(runs: Runs, run: number, count: number): Promise<never> {
  const page = { run, state: 'failed' as const, offset: 0, limit: 1 };
  const { items } = await runs.items(page, new AbortController().signal);
  const { imageName, error } = items[0];
  const others = count > 1 ? ` (and ${count - 1} more)` : '';
  throw new PerchError(
    error?.code ?? 'INTERNAL',
    `Could not inspect ${imageName}${others}: ${error?.message ?? 'unknown reason'}`,
    undefined,
    error?.hint,
  );
}
