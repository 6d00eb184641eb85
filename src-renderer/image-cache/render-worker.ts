import { AssetError, ConnectionLostError } from '../api/failures.ts';
import type { Task, TaskAnswer, TaskRequest, Tasks } from './worker-requests.ts';

/** Makes pictures and figures of maps and masks beside the page, so that the page stays fluent. */
export class RenderWorker {
  readonly #worker = new Worker(new URL('./render.worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, PromiseWithResolvers<Tasks[Task]['answer']>>();
  #number = 0;

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<TaskAnswer>) => {
      const waiting = this.#waiting.get(data.number);
      this.#waiting.delete(data.number);
      if ('error' in data)
        waiting?.reject(data.lost ? new ConnectionLostError(undefined) : new AssetError(data.error));
      else waiting?.resolve(data.answer);
    });
  }

  /** @throws AssetError where the host refuses what the task needs, or it cannot be read; LostError where none answers */
  async ask<Kind extends Task>(
    kind: Kind,
    question: Tasks[Kind]['question'],
  ): Promise<Tasks[Kind]['answer']> {
    const number = this.#number++;
    const waiting = Promise.withResolvers<Tasks[Task]['answer']>();
    this.#waiting.set(number, waiting);
    this.#worker.postMessage({ number, kind, ...question } as TaskRequest);
    return (await waiting.promise) as Tasks[Kind]['answer'];
  }
}
