import { join } from 'node:path';
import type { EngineClient } from '../../../engine/client/engine-client.ts';
import { ContentCache } from '../worker/content-cache.ts';
import { TaskWorker, type WorkerOptions } from '../worker/task-worker.ts';

/** A worker in this process, with a cache of its own. `stop` ends it after its tasks. */
export async function startWorker(
  {
    folder,
    cacheBytes = 1e9,
    ...options
  }: { folder: string; cacheBytes?: number } & Pick<WorkerOptions, 'url' | 'name'> & Partial<WorkerOptions>,
  engine: EngineClient,
): Promise<{ stop(): Promise<void>; logs: string[]; cache: ContentCache }> {
  const logs: string[] = [];
  const cache = await ContentCache.open(join(folder, 'worker-cache'), cacheBytes);
  const ending = new AbortController();
  const log = (text: string) => void logs.push(text);
  const running = new TaskWorker({ shared: undefined, log, ...options, engine, cache }).run(ending.signal);
  return {
    logs,
    cache,
    async stop() {
      ending.abort();
      await running;
    },
  };
}
