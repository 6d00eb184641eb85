import type { FeatureMap } from '../types.ts';

/**
 * The mean features of the neighborhoods around the positions inside a region, in their order: C x 1 x positions. A neighborhood is
 * the part of side x side positions that is inside the map, also outside the region, so that patches at the region's edge of all
 * images stay comparable.
 */
export function insideNeighborhoods(
  { values, channels, height, width }: FeatureMap,
  inside: Uint8Array,
  side: number,
): FeatureMap {
  const radius = (side - 1) / 2;
  const positions = Array.from(inside.keys()).filter((at) => inside[at] === 1);
  const count = positions.length;
  const means = new Float32Array(channels * count);
  for (const [i, at] of positions.entries()) {
    const [y, x] = [Math.floor(at / width), at % width];
    const [top, bottom] = [Math.max(0, y - radius), Math.min(height - 1, y + radius)];
    const [left, right] = [Math.max(0, x - radius), Math.min(width - 1, x + radius)];
    const size = (bottom - top + 1) * (right - left + 1);
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let v = top; v <= bottom; v++) {
        for (let u = left; u <= right; u++) sum += values[(c * height + v) * width + u];
      }
      means[c * count + i] = sum / size;
    }
  }
  return { values: means, channels, height: 1, width: count };
}
