import type { ErrorReport } from '../../src-main/common/api/errors.ts';
import { AssetError } from '../api/failures.ts';
import type { MaskHandlers, MaskKind, MaskRequest } from './mask.worker.ts';

type Result<Kind extends MaskKind> = Awaited<ReturnType<MaskHandlers[Kind]>>;
type Response = { id: number; result: Result<MaskKind> } | { id: number; error: ErrorReport };

/** Runs the tools that take longer than a frame in a web worker. */
export class MaskWorker {
  readonly #worker = new Worker(new URL('./mask.worker.ts', import.meta.url), { type: 'module' });
  readonly #pending = new Map<number, PromiseWithResolvers<Result<MaskKind>>>();
  #nextId = 0;

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Response>) => {
      const pending = this.#pending.get(data.id);
      this.#pending.delete(data.id);
      if ('error' in data) pending?.reject(new AssetError(data.error));
      else pending?.resolve(data.result);
    });
  }

  /** @throws AssetError */
  async request<Kind extends MaskKind>(
    kind: Kind,
    params: Parameters<MaskHandlers[Kind]>[0],
  ): Promise<Result<Kind>> {
    const id = this.#nextId++;
    const pending = Promise.withResolvers<Result<MaskKind>>();
    this.#pending.set(id, pending);
    this.#worker.postMessage({ id, kind, params } as MaskRequest);
    return (await pending.promise) as Result<Kind>;
  }
}
