import type { ErrorReport } from '../../src-main/common/api/errors.ts';
import { AssetError } from '../api/failures.ts';
import type { MaskRequest, MaskTask, MaskTasks } from './mask.worker.ts';

type Answer<Kind extends MaskTask> = Awaited<ReturnType<MaskTasks[Kind]>>;
type Reply = { number: number; answer: Answer<MaskTask> } | { number: number; error: ErrorReport };

/** Has a worker do what would hold the page up. */
export class MaskWorker {
  readonly #worker = new Worker(new URL('./mask.worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer<MaskTask>>>();
  #number = 0;

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
      const waiting = this.#waiting.get(data.number);
      this.#waiting.delete(data.number);
      if ('error' in data) waiting?.reject(new AssetError(data.error));
      else waiting?.resolve(data.answer);
    });
  }

  /** @throws AssetError */
  async ask<Kind extends MaskTask>(
    kind: Kind,
    question: Parameters<MaskTasks[Kind]>[0],
  ): Promise<Answer<Kind>> {
    const number = this.#number++;
    const waiting = Promise.withResolvers<Answer<MaskTask>>();
    this.#waiting.set(number, waiting);
    this.#worker.postMessage({ number, kind, question } as MaskRequest);
    return (await waiting.promise) as Answer<Kind>;
  }

  stop(): void {
    this.#worker.terminate();
  }
}
