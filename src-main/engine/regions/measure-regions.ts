import { RegionStream, type PositionRegion } from '../../common/maps/region-stream.ts';
import { positionsInside, scoredPositions } from '../../common/maps/placed-map.ts';
import { minPositions, positionSize } from '../../common/maps/size-limits.ts';
import { PerchError } from '../../common/api/errors.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import { openMapRows } from '../readers/map-rows.ts';
import type { HandlerContext } from '../runtime/handler-context.ts';

type Measured = EngineRequests['measureRegions']['response'];

/** Regions that a response can have. */
const MOST = 20_000;

/**
 * Measures the 8-connected regions of a map in the store at or above a threshold, a few rows at a time. Those that do not satisfy the
 * size limits are only counted.
 *
 * @throws PerchError `INVALID_ARGUMENT` with too many regions, and errors from reading the map
 */
export async function measureRegions(
  { map: path, placement, threshold, limits }: EngineRequests['measureRegions']['request'],
  { signal, report }: HandlerContext,
): Promise<Measured> {
  await using reader = await openMapRows(path);
  const { width, height } = reader;
  const placed = { ...placement, map: { width, height, values: new Float32Array() } };
  const { rows } = positionsInside(placed);
  const scored = scoredPositions(placed, limits.edgeMargin);
  const stream = new RegionStream(width);
  for await (const part of reader.read()) {
    signal.throwIfAborted();
    report({ stage: 'statistic', fraction: part.top / height });
    for (let row = 0; row < part.rows && part.top + row < rows; row++) {
      const scores = part.values.subarray(row * width, (row + 1) * width);
      const inside = scored.subarray((part.top + row) * width, (part.top + row + 1) * width);
      stream.add(
        scores,
        inside.map((is, x) => Number(is === 1 && scores[x] >= threshold)),
      );
    }
  }
  const pixel = { width: placed.extentWidth / width, height: placed.extentHeight / height };
  const unit = positionSize(limits.sizeLimits.unit, limits.mmPerPixel, placed);
  const least = minPositions(limits.sizeLimits.minArea, unit);
  const found = stream.finish();
  const large = found.filter(({ positions, left, right, top, bottom }) => {
    const diagonal = Math.hypot((right - left + 1) * unit.width, (bottom - top + 1) * unit.height);
    return positions >= least && diagonal >= limits.sizeLimits.minLength;
  });
  if (large.length > MOST)
    throw new PerchError(
      'INVALID_ARGUMENT',
      `The map has ${large.length.toLocaleString('en')} regions at or above ${threshold}; Perch lists at most ${MOST.toLocaleString('en')}. ` +
        'Raise the threshold or the size limits.',
    );
  return {
    regions: large.map((region) => inPixels(region, pixel, placement)),
    smaller: found.length - large.length,
  };
}

/** A region in pixels of the image, whose right and bottom edges limit it. */
function inPixels(
  region: PositionRegion,
  pixel: { width: number; height: number },
  image: { width: number; height: number },
): Measured['regions'][number] {
  const [left, top] = [region.left * pixel.width, region.top * pixel.height];
  const right = Math.min((region.right + 1) * pixel.width, image.width);
  const bottom = Math.min((region.bottom + 1) * pixel.height, image.height);
  return {
    area: region.positions * pixel.width * pixel.height,
    score: region.peak,
    peak: { x: (region.peakX + 0.5) * pixel.width, y: (region.peakY + 0.5) * pixel.height },
    center: {
      x: (region.sumX / region.positions + 0.5) * pixel.width,
      y: (region.sumY / region.positions + 0.5) * pixel.height,
    },
    box: { left, top, width: right - left, height: bottom - top },
  };
}
