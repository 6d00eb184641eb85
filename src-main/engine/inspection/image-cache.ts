import { LRUCache } from 'lru-cache';
import { PerchError } from '../../common/api/errors.ts';
import { memoryLimit } from '../../platform/memory.ts';
import type { ImageSource, NormalImage } from '../protocol/data-types.ts';
import { type DecodedFile, decodePixels } from '../readers/decode-image.ts';
import { type EightBitBlock, to8Bit } from '../readers/eight-bit.ts';
import { readSource } from '../readers/read-source.ts';
import { toPlanes } from '../readers/rgb-planes.ts';

/** A value and the time that it took to compute, even if the value comes from a cache. */
export interface Timed<Value> {
  value: Value;
  seconds: number;
}

/** The image that a request names. */
export interface ImageRequest extends NormalImage {
  /** Larger images are rejected. */
  maxPixels: number;
  /** Whether to keep the pixels for pictures of the image (`keptPixels`). */
  keepPixels?: boolean | undefined;
}

/**
 * A decoded image. Its user may dispose of it: once all users have, and the cache no longer needs it, the next image is decoded into
 * the same memory.
 */
export interface DecodedImage extends Timed<DecodedFile>, Disposable {
  /** SHA-256 of the file's bytes, in hexadecimal. */
  sha256: string;
  /** Keeps the memory from being reused, because something else refers to it. */
  retain(): void;
}

/** An image of the cache. Users that never dispose of it keep its memory from being reused. */
interface CachedImage {
  decoding: Promise<Timed<DecodedFile>>;
  users: number;
  isCached: boolean;
}

/** Largest image or feature map that is cached for the next request. */
export const MAX_CACHED_BYTES = Math.min(2 ** 30, memoryLimit() / 16);

/** While one image is being processed, the next is decoded ahead. */
const MAX_IMAGES = 2;

/** Planes of an image that is inspected at once, not in blocks. */
const MAX_SPARE_BYTES = 2 ** 26;

/** Pixels that are kept for pictures, in total. */
const MAX_KEPT_BYTES = Math.min(2 ** 28, memoryLimit() / 32);

/** Caches decoded images, so that successive requests on one image decode it once. */
export class ImageCache {
  readonly #images = new LRUCache<string, CachedImage>({
    max: MAX_IMAGES,
    dispose: (image) => {
      image.isCached = false;
      this.#reuse(image);
    },
  });
  /** Planes of a former image. Fresh ones cost time: V8 collects garbage after a certain size of new arrays. */
  #spare: Float32Array<ArrayBuffer> | undefined;
  readonly #pixels = new LRUCache<string, EightBitBlock>({
    maxSize: MAX_KEPT_BYTES,
    sizeCalculation: ({ data }) => data.byteLength,
  });

  /** @throws PerchError `IMAGE_CHANGED` if the file's SHA-256 is not the expected one; otherwise as `decodeImage` */
  async decode({ sha256: expected, keepPixels = false, ...request }: ImageRequest): Promise<DecodedImage> {
    const { path, crop, bitDepth, direction, maxPixels } = request;
    const options = { crop, bitDepth, direction, maxPixels };
    const start = performance.now();
    const { bytes, sha256 } = await readSource(request);
    if (expected !== undefined && sha256 !== expected) throw imageChanged(path);
    const key = JSON.stringify([path, sha256, options]);
    const decode = async () => {
      const pixels = await decodePixels(path, bytes, options);
      if (keepPixels) this.#pixels.set(pixelsKey(request), to8Bit(pixels));
      const planes = toPlanes(pixels, this.#takeSpare(3 * pixels.width * pixels.height));
      return { value: { ...planes, notes: pixels.notes }, seconds: secondsSince(start) };
    };
    const image = this.#images.get(key) ?? this.#add(key, decode());
    image.users++;
    let isUsed = true;
    const dispose = () => {
      if (!isUsed) return;
      isUsed = false;
      image.users--;
      this.#reuse(image);
    };
    return {
      ...(await image.decoding),
      sha256,
      retain: () => void image.users++,
      [Symbol.dispose]: dispose,
    };
  }

  /** The pixels of an image that `decode` kept; undefined if it kept none, or if newer ones needed the memory. */
  keptPixels(source: ImageSource): EightBitBlock | undefined {
    return this.#pixels.get(pixelsKey(source));
  }

  #add(key: string, decoding: Promise<Timed<DecodedFile>>): CachedImage {
    const image = { decoding, users: 0, isCached: true };
    this.#images.set(key, image);
    decoding.then(
      ({ value }) => value.values.byteLength > MAX_CACHED_BYTES && this.#images.delete(key),
      () => this.#images.delete(key),
    );
    return image;
  }

  /** Takes the memory of an image that nobody uses for the next one. */
  #reuse({ decoding, users, isCached }: CachedImage): void {
    if (users > 0 || isCached) return;
    decoding.then(
      ({ value: { values } }) => {
        if (values.byteLength <= MAX_SPARE_BYTES) this.#spare = values;
      },
      () => {},
    );
  }

  #takeSpare(length: number): Float32Array<ArrayBuffer> | undefined {
    if (this.#spare?.length !== length) return undefined;
    const spare = this.#spare;
    this.#spare = undefined;
    return spare;
  }
}

function pixelsKey({ path, crop, bitDepth, direction }: ImageSource): string {
  return JSON.stringify([path, crop, bitDepth, direction]);
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
