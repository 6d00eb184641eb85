import { join } from 'node:path';
import { errorOf } from '../../common/api/errors.ts';
import type { SetMethod } from '../../common/api/schemas.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { Progress, ResponsePart } from '../../engine/protocol/messages.ts';
import { dataDirectory } from '../../files/data-dir.ts';
import { AsyncQueue } from '../async-queue.ts';
import { FEATURES_FOLDER } from '../storage/features-folder.ts';
import type { FolderRequest } from './folder-request.ts';
import { type Job, type JobOutcome, writeMap } from './write-map.ts';

/** Inspects the images of a class by comparing them with each other. Each outcome is yielded when its map is written. */
export async function* inspectSet(
  jobs: readonly Job[],
  folder: FolderRequest & { method: SetMethod },
  engine: EngineClient,
  signal: AbortSignal,
  onProgress: (path: string, progress: Progress) => void,
): AsyncGenerator<JobOutcome> {
  const { method, region, maxPixels, provider } = folder;
  const open = new Map(jobs.map((job) => [job.source.path, job]));
  const outcomes = new AsyncQueue<JobOutcome>();
  const receive = async (part: ResponsePart) => {
    const job = open.get(part.image.path);
    if (!job) return;
    open.delete(part.image.path);
    const { source } = job;
    if (part.type === 'unusable') return outcomes.push({ source, error: errorOf(part.error) });
    try {
      outcomes.push({ source, done: await writeMap(part.answer, job, folder, engine, signal) });
    } catch (error) {
      outcomes.push({ source, error });
    }
  };
  const sources = jobs.map(({ source }) => source);
  const request = {
    images: sources,
    set: sources,
    method,
    maxPixels,
    provider,
    keepPixels: true,
    ...(region && { region }),
    features: join(dataDirectory(), FEATURES_FOLDER),
  };
  let handled = Promise.resolve();
  const options = {
    signal,
    onProgress: (progress: Progress) => onProgress([...open.keys()][0] ?? '', progress),
    onPart: (part: ResponsePart) => {
      handled = handled.then(() => receive(part));
    },
  };
  void engine
    .request('inspectSet', request, options)
    .then(
      () => handled,
      async (error: unknown) => {
        await handled;
        for (const { source } of open.values()) outcomes.push({ source, error });
      },
    )
    .finally(() => outcomes.end());
  for await (const outcome of outcomes) {
    signal.throwIfAborted();
    yield outcome;
  }
  signal.throwIfAborted();
}
