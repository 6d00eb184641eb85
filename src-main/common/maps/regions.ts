import { positionsInside, type CoveredImage } from './placed-map.ts';

/** A connected region of a map at or above a threshold. Lengths and places in image pixels. */
export interface Region {
  area: number;
  /** Largest score in the region, and where it is. */
  peak: number;
  peakX: number;
  peakY: number;
  centroidX: number;
  centroidY: number;
}

/** The 8-connected regions at or above a threshold, at feature resolution, highest peak first. Cost O(H W). */
export function regionsAbove(covered: CoveredImage, threshold: number): Region[] {
  const { map } = covered;
  const { rows, columns } = positionsInside(covered);
  const stepX = covered.extentWidth / map.width;
  const stepY = covered.extentHeight / map.height;
  const seen = new Uint8Array(rows * columns);
  const above = (y: number, x: number) =>
    y >= 0 && x >= 0 && y < rows && x < columns && map.values[y * map.width + x] >= threshold;

  const regions: Region[] = [];
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] || !above(Math.floor(start / columns), start % columns)) continue;
    const region = { positions: 0, sumX: 0, sumY: 0, peak: -Infinity, peakAt: start };
    const open = [start];
    seen[start] = 1;
    while (open.length > 0) {
      const at = open.pop() as number;
      const y = Math.floor(at / columns);
      const x = at % columns;
      const score = map.values[y * map.width + x];
      region.positions++;
      region.sumX += x;
      region.sumY += y;
      if (score > region.peak) [region.peak, region.peakAt] = [score, at];
      for (let ny = y - 1; ny <= y + 1; ny++) {
        for (let nx = x - 1; nx <= x + 1; nx++) {
          if (!above(ny, nx) || seen[ny * columns + nx]) continue;
          seen[ny * columns + nx] = 1;
          open.push(ny * columns + nx);
        }
      }
    }
    regions.push({
      area: region.positions * stepX * stepY,
      peak: region.peak,
      peakX: ((region.peakAt % columns) + 0.5) * stepX,
      peakY: (Math.floor(region.peakAt / columns) + 0.5) * stepY,
      centroidX: (region.sumX / region.positions + 0.5) * stepX,
      centroidY: (region.sumY / region.positions + 0.5) * stepY,
    });
  }
  return regions.sort((a, b) => b.peak - a.peak);
}
