import { createContext } from 'svelte';
import type { Point, Size } from '../viewer/viewport.ts';
import { AsyncCache } from './async-cache.ts';
import type { ContourPart } from './outline.ts';
import type { TruthMask } from './worker-requests.ts';
import type { RenderWorker } from './render-worker.ts';

/** The contour of a larger mask is computed only for the visible part. */
const MAX_PIXELS = 2 ** 24;

export function isLargeMask({ width, height }: Size): boolean {
  return width * height > MAX_PIXELS;
}

/** Ground truth masks by asset name. */
export class MaskCache {
  readonly #worker: RenderWorker;
  readonly #masks = new AsyncCache<TruthMask>(
    128 * 2 ** 20,
    ({ runs, path }) => runs.byteLength + 2 * path.length,
  );

  constructor(worker: RenderWorker) {
    this.#worker = worker;
  }

  /** The contour of a large mask in a part of the image. */
  async contourPart(name: string, level: number, part: Point & Size): Promise<ContourPart> {
    return await this.#worker.request('maskContour', { name, level, part });
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
