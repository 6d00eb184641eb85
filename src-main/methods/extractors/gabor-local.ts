import type { Crop } from '../../common/geometry.ts';
import type { FeatureMap } from '../types.ts';
import { GABOR_LEVELS, GABOR_ORIENTATIONS } from './gabor-scaling.ts';
import type { ImageConstants, LocalExtraction } from './local-extraction.ts';
import { planeOf, type RobustConstants, robustScale } from './scaling.ts';

/** The graphs pad the image by reflection at the right and bottom, to a multiple of this. */
export const GABOR_MULTIPLE = 16;
export const GABOR_STRIDE = 4;

const ENERGIES = GABOR_LEVELS * GABOR_ORIENTATIONS;
/** D and the local extremes follow the energies and their local means. */
const FIRST_OF_REST = ENERGIES + GABOR_LEVELS;

/**
 * The pyramid on blocks. The local mean of D looks farthest: 9 positions of stride 16, one more for the interpolation, and 15 pixels for
 * four times halving. Its graph, `models/NAME_local.onnx`, returns energies (32), their blurred means per level (4), D and extremes.
 */
export function gaborLocal(name: string, { floors, weights }: RobustConstants): LocalExtraction {
  const channels = weights.length - ENERGIES + GABOR_LEVELS;
  const padded = (side: number) => Math.ceil(side / GABOR_MULTIPLE) * GABOR_MULTIPLE;
  const extent: LocalExtraction['extent'] = ({ width, height }) => ({
    width: padded(width),
    height: padded(height),
  });
  return {
    halo: 176,
    multiple: GABOR_MULTIPLE,
    minSide: 145,
    channels,
    extent,
    positions(image) {
      const { width, height } = extent(image);
      return { width: width / GABOR_STRIDE, height: height / GABOR_STRIDE };
    },
    async extract(image, models) {
      const input = { values: image.values, dimensions: [1, 3, image.height, image.width] };
      const { values, dimensions } = await models.run(`${name}_local.onnx`, input);
      return { values, channels, height: dimensions[2], width: dimensions[3] };
    },
    measure(sample) {
      const overall = levelMeans(sample);
      const added = overall.map((mean) => 0.2 * mean + 1e-7);
      const scale = weights.map((weight, channel) => {
        const parts = sample.map((local) => channelOf(local, channel, added));
        return robustScale(parts, floors[channel], weight);
      });
      return { scale, floors: added };
    },
    complete: (local, constants, window) => complete(local, constants, window),
  };
}

/** The mean of the energies of each level over orientations and positions. */
function levelMeans(sample: readonly FeatureMap[]): number[] {
  return Array.from({ length: GABOR_LEVELS }, (_, level) => {
    let [sum, count] = [0, 0];
    for (const local of sample) {
      for (let l = 0; l < GABOR_ORIENTATIONS; l++) {
        const plane = planeOf(local, level * GABOR_ORIENTATIONS + l);
        for (let i = 0; i < plane.length; i++) sum += plane[i];
        count += plane.length;
      }
    }
    return sum / count;
  });
}

/** An unscaled channel of the features. */
function channelOf(local: FeatureMap, channel: number, added: readonly number[]): Float32Array {
  const { own, level } = sourceOf(channel);
  const values = planeOf(local, own);
  if (level === undefined) return values;
  const around = planeOf(local, ENERGIES + level);
  return values.map((energy, at) => energy / (around[at] + added[level]));
}

/** The local channel that a channel of the features is computed from, and the level that divides it in group O. */
function sourceOf(channel: number): { own: number; level?: number } {
  if (channel < ENERGIES) return { own: channel };
  if (channel >= 2 * ENERGIES) return { own: channel - 2 * ENERGIES + FIRST_OF_REST };
  return { own: channel - ENERGIES, level: Math.floor((channel - ENERGIES) / GABOR_ORIENTATIONS) };
}

function complete(
  local: FeatureMap,
  { scale = [], floors = [] }: ImageConstants,
  { left, top, width, height }: Crop,
): FeatureMap {
  const channels = scale.length;
  const values = new Float32Array(channels * width * height);
  let to = 0;
  for (const [channel, { center, slope, base, top: highest }] of scale.entries()) {
    const { own, level } = sourceOf(channel);
    const source = planeOf(local, own);
    const around = level === undefined ? undefined : planeOf(local, ENERGIES + level);
    const added = level === undefined ? 0 : floors[level];
    for (let y = top; y < top + height; y++) {
      const end = y * local.width + left + width;
      for (let at = end - width; at < end; at++) {
        const value = around ? source[at] / (around[at] + added) : source[at];
        values[to++] = Math.min(highest, Math.max(0, (value - center) * slope + base));
      }
    }
  }
  return { values, channels, width, height };
}
