import type { PlacedMap } from './placed-map.ts';

/** A map reduced by a whole number: each score is the highest of up to `factor` x `factor` scores, so that no region is lost. */
export function reduceMap(placed: PlacedMap, factor: number): PlacedMap {
  const { map, extentWidth, extentHeight } = placed;
  if (factor === 1) return placed;
  const [width, height] = [Math.ceil(map.width / factor), Math.ceil(map.height / factor)];
  const values = new Float32Array(width * height).fill(-Infinity);
  for (let y = 0; y < map.height; y++) {
    const row = Math.floor(y / factor) * width;
    for (let x = 0; x < map.width; x++) {
      const at = row + Math.floor(x / factor);
      const score = map.values[y * map.width + x];
      if (score > values[at]) values[at] = score;
    }
  }
  return {
    ...placed,
    map: { values, width, height },
    extentWidth: (width * factor * extentWidth) / map.width,
    extentHeight: (height * factor * extentHeight) / map.height,
  };
}
