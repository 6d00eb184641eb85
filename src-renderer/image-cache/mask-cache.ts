import { createContext } from 'svelte';
import { AsyncCache } from './async-cache.ts';
import type { TruthMask } from './worker-requests.ts';
import type { RenderWorker } from './render-worker.ts';

/** Ground truth masks by asset name. */
export class MaskCache {
  readonly #worker: RenderWorker;
  readonly #masks = new AsyncCache<TruthMask>(
    128 * 2 ** 20,
    ({ values, path }) => values.byteLength + 2 * path.length,
  );

  constructor(worker: RenderWorker) {
    this.#worker = worker;
  }

  /** The cached mask, without loading it. */
  peek(name: string): TruthMask | undefined {
    return this.#masks.peek(name);
  }

  /** @throws AssetError if the host does not have the mask */
  async load(name: string): Promise<TruthMask> {
    return await this.#masks.get(name, () => this.#worker.request('mask', { name }));
  }
}

export const [getMasks, setMasks] = createContext<MaskCache>();
