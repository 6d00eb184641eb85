import { randomUUID } from 'node:crypto';
import { PerchError, reportOf } from '../../api/errors.ts';
import type { InspectionEvent, Method } from '../../api/schemas.ts';
import type { EngineClient } from '../../engine/client.ts';
import type { Progress } from '../../engine/protocol.ts';
import { writeNpy } from '../../maps/npy.ts';
import { EventQueue } from '../event-queue.ts';
import type { Inspections, Library } from '../services.ts';
import { deviceLabel } from './device-label.ts';
import { DEFAULT_MAX_PIXELS } from './limits.ts';
import { MapCache } from './map-cache.ts';
import { summarise } from './summarise.ts';

/** Inspects open images on the engine and keeps the latest maps in memory. */
export class EngineInspections implements Inspections {
  readonly #library: Library;
  readonly #engine: EngineClient;
  readonly #maps = new MapCache();

  constructor(library: Library, engine: EngineClient) {
    this.#library = library;
    this.#engine = engine;
  }

  async *start(images: string[], method: Method, signal: AbortSignal): AsyncGenerator<InspectionEvent> {
    // Returning from the generator early must cancel the task in flight as well.
    const ended = new AbortController();
    const either = AbortSignal.any([signal, ended.signal]);
    try {
      let done = 0;
      for (const image of images) {
        const total = images.length;
        const events = new EventQueue<InspectionEvent>();
        const outcome = this.#inspect(image, method, either, ({ stage, fraction }) =>
          events.push({ type: 'stage', image, stage, fraction }),
        ).finally(() => events.end());
        outcome.catch(() => {});
        yield* events;
        done++;
        try {
          yield { type: 'inspected', image, inspection: await outcome, done, total };
        } catch (thrown) {
          if (either.aborted) throw thrown;
          yield { type: 'failed', image, error: reportOf(thrown), done, total };
        }
      }
    } finally {
      ended.abort();
    }
  }

  map(name: string): Uint8Array<ArrayBuffer> {
    const bytes = this.#maps.get(name);
    if (bytes) return bytes;
    throw new PerchError('NOT_FOUND', 'This map is not in memory any more. Inspect the image again.');
  }

  async #inspect(
    image: string,
    method: Method,
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
  ) {
    const path = this.#library.pathOf(image);
    const request = { path, method, maxPixels: DEFAULT_MAX_PIXELS, provider: 'auto' as const };
    const { covered, seconds, provider } = await this.#engine.run('inspect', request, { signal, onProgress });
    const { values, height, width } = covered.map;
    const map = randomUUID();
    this.#maps.set(map, writeNpy({ shape: [height, width], values }));
    return { map, ...summarise(covered, seconds, deviceLabel(provider, this.#engine.report?.device ?? '')) };
  }
}
