import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import type { FeatureMap } from '../types.ts';

/** An image's features with tiles of other images below them. */
export interface WithTiles {
  features: FeatureMap;
  /** Indices of the tiles' centers, ascending. A patch around one is exactly the tile. */
  centers: Uint32Array;
  /** The part of a map of `features` that belongs to the image. */
  crop(map: AnomalyMap): AnomalyMap;
}

/**
 * Appends tiles below an image, so that a statistic that averages descriptors of the image can average those of the tiles. The image is
 * extended by half a patch of reflection, which patches at its border see anyway.
 *
 * @param tiles C x T x (T n), side by side
 */
export function appendTiles(image: FeatureMap, tiles: FeatureMap): WithTiles {
  const { channels, height, width } = image;
  const side = tiles.height;
  const half = (side - 1) / 2;
  const count = tiles.width / side;
  const extendedWidth = width + half;
  const top = height + half;
  const columns = Math.floor(extendedWidth / side);
  const rows = Math.ceil(count / columns);
  const extendedHeight = top + rows * side;
  const values = new Float32Array(channels * extendedHeight * extendedWidth);
  const reflect = (at: number, length: number) => (at < length ? at : 2 * (length - 1) - at);
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < extendedHeight; y++) {
      const start = (c * extendedHeight + y) * extendedWidth;
      for (let x = 0; x < extendedWidth; x++)
        values[start + x] =
          y < top ? imageAt(c, reflect(y, height), reflect(x, width)) : tileAt(c, y - top, x);
    }
  }
  const centers = Uint32Array.from(
    { length: count },
    (_, at) => (top + Math.floor(at / columns) * side + half) * extendedWidth + (at % columns) * side + half,
  );
  return {
    features: { values, channels, height: extendedHeight, width: extendedWidth },
    centers,
    crop: (map) => ({ values: cropped(map.values, extendedWidth, { height, width }), height, width }),
  };

  function imageAt(c: number, y: number, x: number): number {
    return image.values[(c * height + y) * width + x];
  }

  /** Places without a tile of their own repeat one. */
  function tileAt(c: number, y: number, x: number): number {
    const number = (Math.floor(y / side) * columns + Math.min(columns - 1, Math.floor(x / side))) % count;
    return tiles.values[(c * side + (y % side)) * tiles.width + number * side + (x % side)];
  }
}

function cropped(
  values: Float32Array,
  stride: number,
  { height, width }: { height: number; width: number },
): Float32Array<ArrayBuffer> {
  const map = new Float32Array(height * width);
  for (let y = 0; y < height; y++) map.set(values.subarray(y * stride, y * stride + width), y * width);
  return map;
}
