import { createHash } from 'node:crypto';
import type { Crop } from '../../common/api/datasets.ts';
import { PerchError } from '../../common/api/errors.ts';
import type { Extraction } from '../../methods/extractors/extractor.ts';
import { type DecodedFile, decodeImageBytes } from '../readers/decode-image.ts';
import { memoryLimit } from '../../platform/memory.ts';
import { readImageFile } from '../readers/open-image.ts';

/** Something that took time to make, and may be used again. */
export interface Timed<Value> {
  value: Value;
  /** What making it took. */
  seconds: number;
}

/** An image file, or a part of one, as a task names it. */
export interface ImageRequest {
  path: string;
  crop?: Crop;
  /** Bits that are in use in a 16-bit file; found from its own values where absent. */
  bitDepth?: number;
  /** What the SHA-256 of the file has to be, where that is known. */
  sha256?: string;
  maxPixels: number;
}

export interface DecodedImage extends Timed<DecodedFile> {
  /** SHA-256 of the file's bytes, in hexadecimal. */
  sha256: string;
}

/** Larger images and features are not kept for the next task. */
const KEPT_BYTES = Math.min(2 ** 30, memoryLimit() / 16);

/** The image that is computed on and the one that is decoded ahead. */
const IMAGES = 2;

/** The images decoded last: tasks on the same image, one after the other, share them. */
export class ImageCache {
  readonly #images = new Map<string, Promise<Timed<DecodedFile>>>();

  /** @throws PerchError `IMAGE_CHANGED` where the file is no longer what the request says, and what `decodeImage` throws */
  async decode({ path, sha256: expected, crop, bitDepth, maxPixels }: ImageRequest): Promise<DecodedImage> {
    const options = { crop, bitDepth, maxPixels };
    const start = performance.now();
    const bytes = await readImageFile(path);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (expected !== undefined && sha256 !== expected) throw imageChanged(path);
    const key = JSON.stringify([path, sha256, options]);
    const kept = this.#images.get(key);
    if (kept) return { ...(await kept), sha256 };
    const decoding = decodeImageBytes(path, bytes, options).then((value) => ({
      value,
      seconds: secondsSince(start),
    }));
    this.#keep(key, decoding);
    return { ...(await decoding), sha256 };
  }

  #keep(key: string, decoding: Promise<Timed<DecodedFile>>): void {
    this.#images.set(key, decoding);
    for (const oldest of this.#images.keys()) if (this.#images.size > IMAGES) this.#images.delete(oldest);
    decoding.then(
      ({ value }) => value.values.byteLength > KEPT_BYTES && this.#images.delete(key),
      () => this.#images.delete(key),
    );
  }
}

/** The features extracted last: the methods of a run that need the same ones of an image share them. */
export class FeatureCache {
  #latest: ({ key: string } & Timed<Extraction>) | undefined;

  /** @param key names everything that the features depend on */
  async of(key: string, extract: () => Promise<Extraction>): Promise<Timed<Extraction>> {
    if (this.#latest?.key === key) return this.#latest;
    // Given up before, so that never two are in memory.
    this.#latest = undefined;
    const start = performance.now();
    const value = await extract();
    const made = { key, value, seconds: secondsSince(start) };
    if (value.features.values.byteLength <= KEPT_BYTES) this.#latest = made;
    return made;
  }
}

/** The refusal of a file that is not the one that was imported. */
export function imageChanged(path: string): PerchError {
  return new PerchError(
    'IMAGE_CHANGED',
    `${path} is no longer the file that was imported. Import its dataset again to take over what it is now.`,
  );
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
