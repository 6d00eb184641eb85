import type { Inspection } from '../../src-main/api/schemas.ts';
import type { ColourMapName, Scale } from '../../src-main/maps/colours.ts';
import type { CoveredImage } from '../../src-main/maps/cover.ts';
import { AssetError } from '../api/failures.ts';
import type { Histogram } from '../scores/histogram.ts';
import type { MapAnswer, MapRequest, MapTask, MapTasks, Outline } from './map-tasks.ts';
import { bytesOf } from './bitmaps.ts';
import { Loader } from './loader.ts';

/** Anomaly maps and what is drawn of them, made by a worker so that the page stays fluent. */
export class Maps {
  readonly #worker = new Worker(new URL('./maps.worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, PromiseWithResolvers<MapTasks[MapTask]['answer']>>();
  readonly #heatmaps = new Loader<ImageBitmap>(256 * 2 ** 20, bytesOf, (bitmap) => bitmap.close());
  readonly #covered = new Loader<CoveredImage>(64 * 2 ** 20, ({ map }) => map.values.byteLength);
  #number = 0;

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<MapAnswer>) => {
      const waiting = this.#waiting.get(data.number);
      this.#waiting.delete(data.number);
      if ('error' in data) waiting?.reject(new AssetError(data.error));
      else waiting?.resolve(data.answer);
    });
  }

  /** The scores themselves. */
  async covered(inspection: Inspection): Promise<CoveredImage> {
    return await this.#covered.load(inspection.map, () => this.#ask('covered', inspection, {}));
  }

  async histogram(inspection: Inspection): Promise<Histogram> {
    return await this.#ask('histogram', inspection, {});
  }

  async outline(inspection: Inspection, threshold: number): Promise<Outline> {
    return await this.#ask('outline', inspection, { threshold });
  }

  keptHeatmap(inspection: Inspection, scale: Scale, colours: ColourMapName): ImageBitmap | undefined {
    return this.#heatmaps.kept(heatmapKey(inspection, scale, colours));
  }

  async heatmap(inspection: Inspection, scale: Scale, colours: ColourMapName): Promise<ImageBitmap> {
    const key = heatmapKey(inspection, scale, colours);
    return await this.#heatmaps.load(key, () => this.#ask('heatmap', inspection, { scale, colours }));
  }

  async #ask<Kind extends MapTask>(
    kind: Kind,
    inspection: Inspection,
    question: MapTasks[Kind]['question'],
  ): Promise<MapTasks[Kind]['answer']> {
    const number = this.#number++;
    const waiting = Promise.withResolvers<MapTasks[MapTask]['answer']>();
    this.#waiting.set(number, waiting);
    this.#worker.postMessage({ number, kind, inspection, question } satisfies MapRequest<Kind>);
    return (await waiting.promise) as MapTasks[Kind]['answer'];
  }
}

function heatmapKey({ map }: Inspection, { low, high }: Scale, colours: ColourMapName): string {
  return `${map} ${low} ${high} ${colours}`;
}
