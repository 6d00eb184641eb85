import { LRUCache } from 'lru-cache';
import { PerchError } from '../../common/api/errors.ts';
import type { RollDirection } from '../../common/api/rolls.ts';
import type { Crop } from '../../common/geometry.ts';
import { memoryLimit } from '../../platform/memory.ts';
import { type DecodedFile, decodeImageBytes } from '../readers/decode-image.ts';
import { readSource } from '../readers/read-source.ts';

/** A value and the time that it took to compute, even if the value comes from a cache. */
export interface Timed<Value> {
  value: Value;
  seconds: number;
}

/** The image that a request names. */
export interface ImageRequest {
  path: string;
  /** The part of the file that is the image; the whole file by default. */
  crop?: Crop;
  /** The direction in which the frames of a folder are stacked; `down` by default. */
  direction?: RollDirection | undefined;
  /** Significant bits of 16-bit samples; derived from the image's own values by default. */
  bitDepth?: number;
  /** Expected SHA-256 of the file, if known. */
  sha256?: string;
  /** Larger images are rejected. */
  maxPixels: number;
}

export interface DecodedImage extends Timed<DecodedFile> {
  /** SHA-256 of the file's bytes, in hexadecimal. */
  sha256: string;
}

/** Largest image or feature map that is cached for the next request. */
export const MAX_CACHED_BYTES = Math.min(2 ** 30, memoryLimit() / 16);

/** While one image is being processed, the next is decoded ahead. */
const MAX_IMAGES = 2;

/** Caches decoded images, so that successive requests on one image decode it once. */
export class ImageCache {
  readonly #images = new LRUCache<string, Promise<Timed<DecodedFile>>>({ max: MAX_IMAGES });

  /** @throws PerchError `IMAGE_CHANGED` if the file's SHA-256 is not the expected one; otherwise as `decodeImage` */
  async decode({ sha256: expected, ...request }: ImageRequest): Promise<DecodedImage> {
    const { path, crop, bitDepth, direction, maxPixels } = request;
    const options = { crop, bitDepth, direction, maxPixels };
    const start = performance.now();
    const { bytes, sha256 } = await readSource(request);
    if (expected !== undefined && sha256 !== expected) throw imageChanged(path);
    const key = JSON.stringify([path, sha256, options]);
    const decoding =
      this.#images.get(key) ??
      this.#add(
        key,
        decodeImageBytes(path, bytes, options).then((value) => ({ value, seconds: secondsSince(start) })),
      );
    return { ...(await decoding), sha256 };
  }

  #add(key: string, decoding: Promise<Timed<DecodedFile>>): Promise<Timed<DecodedFile>> {
    this.#images.set(key, decoding);
    decoding.then(
      ({ value }) => value.values.byteLength > MAX_CACHED_BYTES && this.#images.delete(key),
      () => this.#images.delete(key),
    );
    return decoding;
  }
}

/** The error for a file whose content has changed since its import. */
export function imageChanged(path: string): PerchError {
  return new PerchError(
    'IMAGE_CHANGED',
    `${path} has changed since it was imported. Import its dataset again to update it.`,
  );
}

export function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
