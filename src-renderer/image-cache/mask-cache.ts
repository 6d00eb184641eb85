import { Loader } from './async-cache.ts';
import type { TruthMask } from './worker-requests.ts';
import type { PixelWorker } from './render-worker.ts';

/** Ground truth masks by the name of their asset, the last used ones kept. */
export class Masks {
  readonly #worker: PixelWorker;
  readonly #masks = new Loader<TruthMask>(
    128 * 2 ** 20,
    ({ values, path }) => values.byteLength + 2 * path.length,
  );

  constructor(worker: PixelWorker) {
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
