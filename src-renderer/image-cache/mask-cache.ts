import { createContext } from 'svelte';
import { Loader } from './async-cache.ts';
import type { TruthMask } from './worker-requests.ts';
import type { RenderWorker } from './render-worker.ts';

/** Ground truth masks by the name of their asset, the last used ones kept. */
export class MaskCache {
  readonly #worker: RenderWorker;
  readonly #masks = new Loader<TruthMask>(
    128 * 2 ** 20,
    ({ values, path }) => values.byteLength + 2 * path.length,
  );

  constructor(worker: RenderWorker) {
    this.#worker = worker;
  }

  /** The mask, if it is there at once. */
  kept(name: string): TruthMask | undefined {
    return this.#masks.kept(name);
  }

  /** @throws AssetError where the host does not have it */
  async load(name: string): Promise<TruthMask> {
    return await this.#masks.load(name, () => this.#worker.ask('mask', { name }));
  }
}

export const [getMasks, setMasks] = createContext<MaskCache>();
