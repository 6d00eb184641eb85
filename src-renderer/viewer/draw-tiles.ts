import { TILE_SIDE, tileSize } from '../../src-main/common/tiles.ts';
import { CRISP_FROM, transformOf, type CanvasTarget } from './canvas-target.ts';
import { levelFor, pixelsFor, tilesOver, type TileSource } from './tiles.ts';
import { visiblePart } from './viewport.ts';

/** A layer of tiles. */
export interface TileLayer {
  kind: 'tiles';
  tiles: TileSource;
  /** Changes when a tile has loaded. */
  version: number;
  opacity: number;
  /** CSS filter of the display range. */
  filter?: string | undefined;
}

/** Tiles with a filter or with opacity are composed here first, so that both apply once. */
let scratch: OffscreenCanvas | undefined;

/** Draws the visible tiles. The context's clip applies; its transform is ignored. */
export function drawTiles(context: CanvasRenderingContext2D, layer: TileLayer, target: CanvasTarget): void {
  const { opacity, filter } = layer;
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  if (opacity === 1 && filter === undefined) {
    drawEach(context, layer.tiles, target);
  } else {
    const { width, height } = context.canvas;
    scratch ??= new OffscreenCanvas(width, height);
    // Setting the size clears the canvas.
    Object.assign(scratch, { width, height });
    drawEach(scratch.getContext('2d') as OffscreenCanvasRenderingContext2D, layer.tiles, target);
    context.globalAlpha = opacity;
    context.filter = filter ?? 'none';
    context.drawImage(scratch, 0, 0);
  }
  context.restore();
}

function drawEach(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  tiles: TileSource,
  target: CanvasTarget,
): void {
  const { size } = tiles;
  const { scale, left, top } = transformOf(target);
  const level = levelFor(scale, size);
  const pixel = 2 ** level;
  context.imageSmoothingEnabled = target.smooth || scale * pixel < CRISP_FROM;
  context.imageSmoothingQuality = 'low';
  for (const address of tilesOver(size, level, visiblePart(target.view, size, target.pane))) {
    const found = pixelsFor(tiles, address);
    if (!found) continue;
    const { bitmap, part } = found;
    const { width, height } = tileSize(size, address);
    const [x, y] = [address.x * TILE_SIDE, address.y * TILE_SIDE];
    // Neighbors share rounded edges, so that no seam shows. The last tile ends with the image.
    const edge = (at: number, end: number, origin: number) =>
      Math.round(origin + Math.min(at * pixel, end) * scale);
    const [fromX, toX] = [edge(x, size.width, left), edge(x + width, size.width, left)];
    const [fromY, toY] = [edge(y, size.height, top), edge(y + height, size.height, top)];
    if (toX === fromX || toY === fromY) continue;
    context.drawImage(
      bitmap,
      part.x,
      part.y,
      part.width,
      part.height,
      fromX,
      fromY,
      toX - fromX,
      toY - fromY,
    );
  }
}
