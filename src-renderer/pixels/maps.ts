import type { Inspection } from '../../src-main/api/schemas.ts';
import type { Scale } from '../../src-main/maps/colours.ts';
import type { CoveredImage } from '../../src-main/maps/cover.ts';
import { AssetError } from '../api/failures.ts';
import type { Histogram } from '../scores/histogram.ts';
import type { MapAnswer, MapRequest, MapTask, MapTasks, Outline } from './map-tasks.ts';
import { Recent } from './recent.ts';

/** Anomaly maps and what is drawn of them, made by a worker so that the page stays fluent. */
export class Maps {
  readonly #worker = new Worker(new URL('./maps.worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, PromiseWithResolvers<MapTasks[MapTask]['answer']>>();
  readonly #heatmaps = new Recent<ImageBitmap>(256 * 2 ** 20, (bitmap) => bitmap.close());
  readonly #covered = new Recent<CoveredImage>(64 * 2 ** 20);
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
    const kept = this.#covered.get(inspection.map);
    if (kept) return kept;
    const covered = await this.#ask('covered', inspection, {});
    this.#covered.put(inspection.map, covered, covered.map.values.byteLength);
    return covered;
  }

  async histogram(inspection: Inspection): Promise<Histogram> {
    return await this.#ask('histogram', inspection, {});
  }

  async outline(inspection: Inspection, threshold: number): Promise<Outline> {
    return await this.#ask('outline', inspection, { threshold });
  }

  keptHeatmap(inspection: Inspection, scale: Scale): ImageBitmap | undefined {
    return this.#heatmaps.get(heatmapKey(inspection, scale));
  }

  async heatmap(inspection: Inspection, scale: Scale): Promise<ImageBitmap> {
    const kept = this.keptHeatmap(inspection, scale);
    if (kept) return kept;
    const bitmap = await this.#ask('heatmap', inspection, { scale });
    this.#heatmaps.put(heatmapKey(inspection, scale), bitmap, bitmap.width * bitmap.height * 4);
    return bitmap;
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

function heatmapKey({ map }: Inspection, { low, high }: Scale): string {
  return `${map} ${low} ${high}`;
}
