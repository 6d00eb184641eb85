import { LRUCache } from 'lru-cache';
import type { Extraction } from '../../methods/extractors/extractor.ts';
import { MAX_CACHED_BYTES, secondsSince, type Timed } from './image-cache.ts';

/** Caches the features extracted last, so that a run's methods extract shared features once per image. */
export class FeatureCache {
  readonly #features = new LRUCache<string, Timed<Extraction>>({
    max: 1,
    maxEntrySize: MAX_CACHED_BYTES,
    sizeCalculation: ({ value }) => Math.max(1, value.features.values.byteLength),
  });

  /** @param key identifies everything that the features depend on */
  async getOrExtract(key: string, extract: () => Promise<Extraction>): Promise<Timed<Extraction>> {
    const cached = this.#features.get(key);
    if (cached) return cached;
    // Cleared first, so that memory never holds two feature maps.
    this.#features.clear();
    const start = performance.now();
    const value = await extract();
    const extracted = { value, seconds: secondsSince(start) };
    this.#features.set(key, extracted);
    return extracted;
  }
}
