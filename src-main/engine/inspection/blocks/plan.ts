import type { Crop, Size } from '../../../common/geometry.ts';
import type { LocalExtraction } from '../../../methods/extractors/extractor.ts';

/** A part of a map, and what its computation reads. */
export interface Block {
  /** The positions of the map that the block computes. */
  inner: Crop;
  /** The pixels that are read. */
  read: Crop;
  /** The part of the local features of `read` that is used: `inner` with its margin of positions. */
  window: Crop;
  /** Where `inner` begins in `window`. */
  offset: { left: number; top: number };
}

/** The rules that divide an image into blocks. */
export interface BlockShape {
  local: Pick<LocalExtraction, 'halo' | 'multiple' | 'positions'>;
  /** Pixels between two positions. */
  stride: number;
  /** Positions around a block that the scores of the block depend on. */
  margin: number;
}

/** One axis of a block, before it is combined with the other. */
interface Span {
  /** Start and length, in positions. */
  from: number;
  length: number;
  /** The same with the margin of positions. */
  wideFrom: number;
  wideLength: number;
  /** Start and length of the pixels that are read. */
  readFrom: number;
  readLength: number;
}

/** Pixels that a block reads at most, its halo included. */
const MAX_BLOCK_PIXELS = 3.5e6;
/** Memory for the extraction of a block. */
const MAX_BLOCK_BYTES = 5.6e8;

/** The most pixels of a block for an extractor. */
export const blockPixels = ({ bytesPerPixel }: { bytesPerPixel: number }): number =>
  Math.min(MAX_BLOCK_PIXELS, Math.floor(MAX_BLOCK_BYTES / bytesPerPixel));

/**
 * Divides a map into equally large blocks, row by row, so that no block reads more than `maxPixels` pixels and all together read as few
 * as possible.
 */
export function planBlocks(image: Size, shape: BlockShape, maxPixels: number): Block[] {
  const map = shape.local.positions(image);
  let best: { spans: [Span[], Span[]]; cost: number } | undefined;
  for (let columns = 1; ; columns++) {
    const across = spansOf(columns, map.width, image.width, shape);
    const widest = longest(across);
    const rows = fewestRows(Math.floor(maxPixels / widest), map.height, image.height, shape);
    const down = rows === undefined ? undefined : spansOf(rows, map.height, image.height, shape);
    const cost = down ? totalRead(across) * totalRead(down) : Infinity;
    if (down && (!best || cost < best.cost)) best = { spans: [across, down], cost };
    const isNarrowest = columns * shape.local.multiple >= map.width * shape.stride;
    // Narrower blocks read more across, so they do not pay once the best is found.
    if (isNarrowest || (best && totalRead(across) * image.height > best.cost)) break;
  }
  if (!best) throw new RangeError(`No block of ${maxPixels} pixels holds its halo.`);
  const [across, down] = best.spans;
  return down.flatMap((row) => across.map((column) => blockOf(column, row, shape.stride)));
}

/** What a block of given positions reads. @param inner positions of the map */
export function blockAt(inner: Crop, image: Size, shape: BlockShape): Block {
  const map = shape.local.positions(image);
  return blockOf(
    spanOf(inner.left, inner.width, map.width, image.width, shape),
    spanOf(inner.top, inner.height, map.height, image.height, shape),
    shape.stride,
  );
}

/** Whether an image is divided into blocks at all, or its halo is larger than a block may be. */
export function fitsBlocks(image: Size, shape: BlockShape, maxPixels: number): boolean {
  const unit = shape.local.multiple;
  const least = (side: number) => Math.min(side, unit + 2 * readHalo(shape));
  return least(image.width) * least(image.height) <= maxPixels;
}

function blockOf(column: Span, row: Span, stride: number): Block {
  return {
    inner: { left: column.from, top: row.from, width: column.length, height: row.length },
    read: {
      left: column.readFrom,
      top: row.readFrom,
      width: column.readLength,
      height: row.readLength,
    },
    window: {
      left: column.wideFrom - column.readFrom / stride,
      top: row.wideFrom - row.readFrom / stride,
      width: column.wideLength,
      height: row.wideLength,
    },
    offset: { left: column.from - column.wideFrom, top: row.from - row.wideFrom },
  };
}

/** Pixels on each side of a block that are read. */
function readHalo({ local: { halo, multiple }, stride, margin }: BlockShape): number {
  const roundUp = (pixels: number) => Math.ceil(pixels / multiple) * multiple;
  return roundUp(halo) + roundUp(margin * stride);
}

/** Divides a side into `count` spans of almost equal length; into fewer if the alignment does not permit more. */
function spansOf(count: number, positions: number, pixels: number, shape: BlockShape): Span[] {
  const unit = shape.local.multiple / shape.stride;
  const length = Math.ceil(positions / count / unit) * unit;
  const spans: Span[] = [];
  for (let from = 0; from < positions; from += length)
    spans.push(spanOf(from, Math.min(length, positions - from), positions, pixels, shape));
  return spans;
}

function spanOf(from: number, length: number, positions: number, pixels: number, shape: BlockShape): Span {
  const { stride, margin } = shape;
  const { multiple } = shape.local;
  const halo = readHalo(shape);
  const end = from + length;
  const [wideFrom, wideEnd] = [Math.max(0, from - margin), Math.min(positions, end + margin)];
  const start = Math.floor((from * stride) / multiple) * multiple;
  const stop = Math.ceil((end * stride) / multiple) * multiple;
  const readFrom = Math.max(0, start - halo);
  const readEnd = Math.min(pixels, stop + halo);
  return {
    from,
    length,
    wideFrom,
    wideLength: wideEnd - wideFrom,
    readFrom,
    readLength: readEnd - readFrom,
  };
}

/** The smallest number of rows whose spans read at most `limit` pixels; undefined if the smallest span reads more. */
function fewestRows(limit: number, positions: number, pixels: number, shape: BlockShape): number | undefined {
  if (pixels <= limit) return 1;
  const { multiple } = shape.local;
  const inner = Math.floor((limit - 2 * readHalo(shape)) / multiple) * multiple;
  return inner < multiple ? undefined : Math.ceil(positions / (inner / shape.stride));
}

const longest = (spans: readonly Span[]) => Math.max(...spans.map(({ readLength }) => readLength));
const totalRead = (spans: readonly Span[]) => spans.reduce((sum, { readLength }) => sum + readLength, 0);
