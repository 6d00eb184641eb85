import { PerchError } from '../../common/api/errors.ts';
import type { Size } from '../../common/geometry.ts';
import type { ReferenceSource } from './reference.ts';

/**
 * The T x T tiles that are completely inside the inspection region. The map is divided into non-overlapping tiles, without the
 * remainder, as for the median reference.
 *
 * @param inside H x W, 1 inside
 * @returns the tile numbers, row by row
 * @throws PerchError `INVALID_ARGUMENT` if there is none
 */
export function tilesInside(inside: Uint8Array, { width, height }: Size, patchSize: number): Uint32Array {
  const columns = Math.floor(width / patchSize);
  const tiles = Array.from({ length: columns * Math.floor(height / patchSize) }, (_, tile) => tile);
  const fitting = tiles.filter((tile) => {
    const [left, top] = [(tile % columns) * patchSize, Math.floor(tile / columns) * patchSize];
    return isWhollyInside(inside, width, { left, top, right: left + patchSize, bottom: top + patchSize });
  });
  return atLeastOne(fitting, `tile of ${patchSize} x ${patchSize} positions`);
}

/**
 * The patches whose positions on the map are all inside the inspection region.
 *
 * @param inside H x W, 1 inside
 * @returns the indices of their centers, ascending
 * @throws PerchError `INVALID_ARGUMENT` if there is none
 */
export function patchesInside(inside: Uint8Array, { width, height }: Size, patchSize: number): Uint32Array {
  const half = (patchSize - 1) / 2;
  const fitting: number[] = [];
  for (let y = 0; y < height; y++) {
    const [top, bottom] = [Math.max(0, y - half), Math.min(height, y + half + 1)];
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - half), Math.min(width, x + half + 1)];
      if (isWhollyInside(inside, width, { left, top, right, bottom })) fitting.push(y * width + x);
    }
  }
  return atLeastOne(fitting, `patch of ${patchSize} x ${patchSize} positions`);
}

/** The patches from which references are selected; undefined if the whole image is inspected. */
export function amongInside({ features, patchSize, inside }: ReferenceSource): { among?: Uint32Array } {
  return inside ? { among: patchesInside(inside, features, patchSize) } : {};
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function isWhollyInside(inside: Uint8Array, width: number, { left, top, right, bottom }: Box): boolean {
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) if (inside[y * width + x] === 0) return false;
  return true;
}

function atLeastOne(fitting: readonly number[], what: string): Uint32Array {
  if (fitting.length > 0) return Uint32Array.from(fitting);
  throw new PerchError(
    'INVALID_ARGUMENT',
    `The inspection region contains no whole ${what}, so there is no reference to compare with. Make the region larger or the patch size ` +
      'smaller.',
  );
}
