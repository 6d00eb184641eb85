import { PerchError } from '../../common/api/errors.ts';
import type { FeatureMap } from '../types.ts';
import { tilesInside } from './patches-inside.ts';

/** T x T tiles of several images, side by side: a feature map C x T x (T n). */
export interface Tiles {
  features: FeatureMap;
  /** Number of tiles, n. */
  count: number;
  /** Number of tiles in the images, from which these were taken. */
  available: number;
}

/** Bounds on the tiles that are kept. */
export interface TileLimits {
  /** Number of values over all channels. */
  values: number;
  /** Number of feature positions. */
  positions: number;
}

/** Takes the tiles of images one by one. If the limits do not permit all, takes evenly spread ones, equally many of each image. */
export class TileCollector {
  readonly #patchSize: number;
  readonly #images: number;
  readonly #limits: TileLimits;
  /** For each image, its tiles side by side. */
  readonly #parts: FeatureMap[] = [];
  #available = 0;

  /** @param images number of images that will be added */
  constructor(patchSize: number, images: number, limits: TileLimits) {
    this.#patchSize = patchSize;
    this.#images = images;
    this.#limits = limits;
  }

  /**
   * @param inside H x W, 1 inside; absent for the whole image
   * @throws PerchError `INVALID_ARGUMENT` if no tile is inside
   */
  add(features: FeatureMap, inside: Uint8Array | undefined): void {
    const side = this.#patchSize;
    const columns = Math.floor(features.width / side);
    const all = columns * Math.floor(features.height / side);
    const numbers = inside
      ? tilesInside(inside, features, side)
      : Uint32Array.from({ length: all }, (_, i) => i);
    this.#available += numbers.length;
    const quota = this.#quota(features.channels);
    const count = Math.min(quota, numbers.length);
    const taken = Array.from({ length: count }, (_, i) => numbers[Math.floor((i * numbers.length) / count)]);
    this.#parts.push(sideBySide(features, taken, side));
  }

  finish(): Tiles {
    const features = joinColumns(this.#parts);
    return { features, count: features.width / this.#patchSize, available: this.#available };
  }

  #quota(channels: number): number {
    const area = this.#patchSize ** 2;
    const { values, positions } = this.#limits;
    const total = Math.min(values / (channels * area), positions / area);
    return Math.max(1, Math.floor(total / this.#images));
  }
}

/** Tiles of a map side by side, C x T x (T n). @param numbers numbers of the tiles, row by row */
export function sideBySide(features: FeatureMap, numbers: readonly number[], side: number): FeatureMap {
  const { values, channels, height, width } = features;
  const columns = Math.floor(width / side);
  const row = side * numbers.length;
  const tiles = new Float32Array(channels * side * row);
  for (let c = 0; c < channels; c++) {
    for (const [at, number] of numbers.entries()) {
      const [top, left] = [Math.floor(number / columns) * side, (number % columns) * side];
      for (let y = 0; y < side; y++) {
        const start = (c * height + top + y) * width + left;
        tiles.set(values.subarray(start, start + side), (c * side + y) * row + at * side);
      }
    }
  }
  return { values: tiles, channels, height: side, width: row };
}

/** Places feature maps of one height side by side. */
export function joinColumns(parts: readonly FeatureMap[]): FeatureMap {
  const [{ channels, height }] = parts;
  const width = parts.reduce((sum, part) => sum + part.width, 0);
  const values = new Float32Array(channels * height * width);
  let left = 0;
  for (const part of parts) {
    if (part.channels !== channels)
      throw new PerchError('INVALID_FEATURES', 'The normal images have different numbers of channels.');
    for (let row = 0; row < channels * height; row++)
      values.set(part.values.subarray(row * part.width, (row + 1) * part.width), row * width + left);
    left += part.width;
  }
  return { values, channels, height, width };
}
