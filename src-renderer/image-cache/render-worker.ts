import { AssetError, ConnectionLostError } from '../api/failures.ts';
import type {
  RenderKind,
  RenderRequest,
  RenderRequests,
  RenderResponse,
  RenderResult,
} from './worker-requests.ts';

/** Renders maps and masks in a web worker, so that the page stays responsive. */
export class RenderWorker {
  readonly #worker = new Worker(new URL('./render.worker.ts', import.meta.url), { type: 'module' });
  readonly #pending = new Map<number, PromiseWithResolvers<RenderResult>>();
  #nextId = 0;

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<RenderResponse>) => {
      const pending = this.#pending.get(data.id);
      this.#pending.delete(data.id);
      if ('error' in data)
        pending?.reject(data.lost ? new ConnectionLostError(undefined) : new AssetError(data.error));
      else pending?.resolve(data.result);
    });
  }

  /** @throws AssetError if the host refuses an asset or it cannot be decoded; ConnectionLostError if no host answers */
  async request<Kind extends RenderKind>(
    kind: Kind,
    params: RenderRequests[Kind]['params'],
  ): Promise<RenderRequests[Kind]['result']> {
    const id = this.#nextId++;
    const pending = Promise.withResolvers<RenderResult>();
    this.#pending.set(id, pending);
    this.#worker.postMessage({ id, kind, ...params } as RenderRequest);
    return (await pending.promise) as RenderRequests[Kind]['result'];
  }
}
