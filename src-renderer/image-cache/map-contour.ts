import { contourRings } from '../../src-main/common/maps/contour.ts';
import type { AnomalyMap } from '../../src-main/common/maps/anomaly-map.ts';
import { regionCells } from '../../src-main/common/maps/inspection-region.ts';
import { labelRegions } from '../../src-main/common/maps/label-regions.ts';
import { levelSize } from '../../src-main/common/tiles.ts';
import type { Point, Size } from '../viewer/viewport.ts';
import type { LargeRegion } from './large-regions.ts';
import type { PlacedLevels } from './map-levels.ts';
import { mapLevelFor } from './sample-map.ts';
import type { ContourPart, OutlineScope } from './outline.ts';

/**
 * The contour of the area at or above a threshold in a part of the image, at the resolution of a level of the
 * image. Contours close at the edges of the part.
 *
 * @param regions of the map, from which follows which areas are below the size limits; none if all count
 */
export async function contourOfPart(
  placed: PlacedLevels,
  threshold: number,
  imageLevel: number,
  wanted: Point & Size,
  region: OutlineScope['region'],
  regions: readonly LargeRegion[],
): Promise<ContourPart> {
  const { map, width, height, extentWidth, extentHeight } = placed;
  const level = mapLevelFor(imageLevel, placed);
  const side = 2 ** level;
  const position = {
    width: (extentWidth / map.size.width) * side,
    height: (extentHeight / map.size.height) * side,
  };
  const grid = levelSize(map.size, level);
  const x = Math.min(Math.max(Math.floor(wanted.x / position.width) - 1, 0), grid.width - 1);
  const y = Math.min(Math.max(Math.floor(wanted.y / position.height) - 1, 0), grid.height - 1);
  const window = {
    x,
    y,
    width: Math.min(Math.ceil((wanted.x + wanted.width) / position.width) + 1, grid.width) - x,
    height: Math.min(Math.ceil((wanted.y + wanted.height) / position.height) + 1, grid.height) - y,
  };
  const scores = await map.window(level, window);
  if (region) {
    const extent = { extentWidth: grid.width * position.width, extentHeight: grid.height * position.height };
    const cells = regionCells(region, { width, height, ...extent }, grid, {
      left: x,
      top: y,
      ...sizeOf(window),
    });
    for (const [at, inside] of cells.entries()) if (inside === 0) scores.values[at] = -Infinity;
  }
  const origin = { x: x * position.width, y: y * position.height };
  const pathOf = (values: Float32Array) =>
    contourRings(
      {
        map: { ...scores, values },
        width: width - origin.x,
        height: height - origin.y,
        extentWidth: window.width * position.width,
        extentHeight: window.height * position.height,
      },
      threshold,
    )
      .map((ring) => `M${ring.map(([px, py]) => `${px + origin.x} ${py + origin.y}`).join('L')}Z`)
      .join('');
  const part = {
    ...origin,
    width: Math.min(window.width * position.width, width - origin.x),
    height: Math.min(window.height * position.height, height - origin.y),
  };
  if (!regions.some(({ small }) => small)) return { path: pathOf(scores.values), smallPath: '', part };
  const isSmall = smallPositions(scores, threshold, window, side, regions);
  const keep = (small: boolean) =>
    scores.values.map((value, at) =>
      (isSmall[at] === 1) === small ? value : Math.min(value, belowOf(threshold)),
    );
  return { path: pathOf(keep(false)), smallPath: pathOf(keep(true)), part };
}

const sizeOf = ({ width, height }: Size): Size => ({ width, height });

/** A score just below the threshold, so that contours of neighbors do not move. */
function belowOf(threshold: number): number {
  return Math.fround(threshold - Math.max(Math.abs(threshold), Number.MIN_VALUE) * 1e-6);
}

/**
 * The positions of a window whose regions are below the size limits. A region is known by its peak; of one
 * whose peak is outside the window, by its bounding box.
 */
function smallPositions(
  { values, width, height }: AnomalyMap,
  threshold: number,
  window: Point & Size,
  side: number,
  regions: readonly LargeRegion[],
): Uint8Array {
  const marked = Uint8Array.from(values, (value) => Number(value >= threshold));
  const { labels, count } = labelRegions(marked, width, height);
  const states = new Uint8Array(count + 1);
  const [SMALL, LARGE] = [1, 2];
  for (const { small, peak } of regions) {
    const x = Math.floor(peak.x / side) - window.x;
    const y = Math.floor(peak.y / side) - window.y;
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const label = labels[y * width + x];
    states[label] = Math.max(states[label], small ? SMALL : LARGE);
  }
  for (let at = 0; at < labels.length; at++) {
    const label = labels[at];
    if (label === 0 || states[label] !== 0) continue;
    const x = ((at % width) + window.x) * side;
    const y = (Math.floor(at / width) + window.y) * side;
    const around = regions.filter(
      ({ box }) => x + side > box.left && x <= box.right && y + side > box.top && y <= box.bottom,
    );
    states[label] = around.length > 0 && around.every(({ small }) => small) ? SMALL : LARGE;
  }
  return Uint8Array.from(labels, (label) => Number(states[label] === SMALL));
}
