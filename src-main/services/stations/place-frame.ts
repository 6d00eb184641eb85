import { posix } from 'node:path';
import type { Piece } from '../../common/api/station.ts';
import type { PlacedFrame } from '../../store/piece-frames.ts';
import type { StoredStation } from '../../store/stations.ts';
import type { Store } from '../../store/store.ts';

/**
 * Gives a piece its place along the roll of its folder: after the last frame, or that of the frame that its file was before. Frames do
 * not overlap. A piece that cannot be read has the size of the frame before it, because the material moved on.
 *
 * @param size null if it cannot be read
 */
export function placeFrame(
  store: Store,
  { id, rollDirection }: StoredStation,
  { id: piece, file }: Pick<Piece, 'id' | 'file'>,
  size: { width: number; height: number } | null,
): void {
  if (rollDirection === null) return;
  const folder = posix.dirname(file);
  const roll = folder === '.' ? '' : folder;
  const last = store.pieceFrames.last(id, roll);
  const extent = size
    ? { ...extentOf(size, rollDirection), assumed: false }
    : { length: last?.length ?? 0, width: last?.width ?? 0, assumed: true };
  const former = store.pieceFrames.findByFile(id, roll, file);
  const keepsPlace = former && (former.length === extent.length || former.number === last?.number);
  const place: Pick<PlacedFrame, 'number' | 'offset'> = keepsPlace
    ? former
    : { number: (last?.number ?? 0) + 1, offset: last ? last.offset + last.length : 0 };
  store.pieceFrames.place(piece, { roll, number: place.number, offset: place.offset, ...extent });
}

function extentOf(
  { width, height }: { width: number; height: number },
  direction: NonNullable<StoredStation['rollDirection']>,
): Pick<PlacedFrame, 'length' | 'width'> {
  return direction === 'down' ? { length: height, width } : { length: width, width: height };
}
