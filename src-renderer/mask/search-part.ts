import { placeRuns, type Runs } from '../../src-main/common/maps/mask-runs.ts';
import type { Point, Size } from '../viewer/viewport.ts';

/** Larger images are searched only around the point. */
const MAX_PIXELS = 2 ** 24;
const SIDE = 2048;

/** Pixels that a tool has found in an image. */
export interface Selection {
  runs: Runs;
  /** The size of the searched part, if there may be more outside it. */
  part?: Size;
}

/** The part of an image that is searched from a pixel: all of it, or a square around the pixel. */
export function searchPart({ width, height }: Size, { x, y }: Point): Point & Size {
  if (width * height <= MAX_PIXELS) return { x: 0, y: 0, width, height };
  const along = (center: number, length: number) => {
    const side = Math.min(SIDE, length);
    return { from: Math.min(Math.max(0, center - side / 2), length - side), side };
  };
  const [across, down] = [along(x, width), along(y, height)];
  return { x: across.from, y: down.from, width: across.side, height: down.side };
}

/**
 * A selection in a part, as one of the image.
 *
 * @param connected whether all of it is connected, so that nothing is missing if it reaches no edge
 */
export function placeSelection(
  runs: Runs,
  part: Point & Size,
  { width, height }: Size,
  connected: boolean,
): Selection {
  const placed = placeRuns(runs, part, width);
  const isWhole = part.width === width && part.height === height;
  return !isWhole && (!connected || reachesEdge(runs, part, { width, height }))
    ? { runs: placed, part: { width: part.width, height: part.height } }
    : { runs: placed };
}

function reachesEdge(runs: Runs, part: Point & Size, image: Size): boolean {
  const right = part.x + part.width < image.width;
  const bottom = part.y + part.height < image.height;
  for (let at = 0; at < runs.length; at += 2) {
    const row = Math.floor(runs[at] / part.width);
    if (part.y > 0 && row === 0) return true;
    if (bottom && row === part.height - 1) return true;
    if (part.x > 0 && runs[at] === row * part.width) return true;
    if (right && runs[at + 1] === (row + 1) * part.width) return true;
  }
  return false;
}
