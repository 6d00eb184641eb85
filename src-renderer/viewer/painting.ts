import { CRISP_FROM, deviceSize, transformOf, type CanvasTarget } from './canvas-target.ts';
import { drawTiles, type TileLayer } from './draw-tiles.ts';
import { drawShade, type ShadeLayer } from './shade.ts';
import type { Point } from './viewport.ts';

/** A layer of a pane. All layers cover the area of the image. */
export type Layer = BitmapLayer | TileLayer | ContourLayer | ShadeLayer;

export interface BitmapLayer {
  kind: 'bitmap';
  /** Pixels of the image area at any resolution. A canvas is drawn with its content at that moment. */
  bitmap: ImageBitmap | OffscreenCanvas | HTMLCanvasElement;
  opacity: number;
  /** CSS filter of the display range. */
  filter?: string | undefined;
}

export interface ContourLayer {
  kind: 'contour';
  /** In image pixels. */
  path: Path2D;
  color: string;
  dashed: boolean;
  /** Opacity of the filled interior; not filled if absent. */
  tint?: number | undefined;
  /** Whether the line is thin, as for regions that do not count. */
  thin?: boolean;
}

/** Layers shown to the right of a divider instead of the others. */
export interface SplitLayers {
  layers: readonly Layer[];
  /** Position of the divider as a fraction of the pane width. */
  from: number;
}

const CONTOUR_WIDTH = 1.5;
const HALO_WIDTH = 3.5;
const THIN_WIDTH = 1;
const DASHES = [6, 4];

/** Draws a pane. */
export function paint(
  canvas: HTMLCanvasElement,
  layers: readonly Layer[],
  surface: CanvasTarget,
  split?: SplitLayers,
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { view } = surface;
  const { width, height } = deviceSize(surface.pane, surface.ratio);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  const { scale, left, top } = transformOf(surface);
  const divider = split ? Math.round(split.from * width) : width;
  const draw = (drawn: readonly Layer[], from: number, to: number) => {
    if (to <= from) return;
    context.save();
    context.beginPath();
    context.rect(from, 0, to - from, height);
    context.clip();
    context.setTransform(scale, 0, 0, scale, left, top);
    for (const layer of drawn) {
      if (layer.kind === 'bitmap') drawBitmap(context, layer, surface);
      else if (layer.kind === 'tiles') drawTiles(context, layer, surface);
      else if (layer.kind === 'contour') drawContour(context, layer, view.scale);
      else drawShade(context, layer, surface.image, view.scale);
    }
    context.restore();
  };
  draw(layers, 0, divider);
  if (split) draw(split.layers, divider, width);
}

function drawBitmap(
  context: CanvasRenderingContext2D,
  { bitmap, opacity, filter }: BitmapLayer,
  { image, view, ratio, smooth }: CanvasTarget,
): void {
  // The cache may have closed the bitmap, which then has no size.
  if (bitmap.width === 0) return;
  const scale = view.scale * ratio;
  context.globalAlpha = opacity;
  context.filter = filter ?? 'none';
  context.imageSmoothingEnabled = smooth || scale * (image.width / bitmap.width) < CRISP_FROM;
  context.imageSmoothingQuality = scale < 1 ? 'high' : 'low';
  context.drawImage(bitmap, 0, 0, image.width, image.height);
  context.filter = 'none';
  context.globalAlpha = 1;
}

/** Draws a contour; the line width on screen does not depend on the zoom. */
function drawContour(
  context: CanvasRenderingContext2D,
  { path, color, dashed, tint, thin }: ContourLayer,
  cssScale: number,
): void {
  if (tint !== undefined) {
    context.globalAlpha = tint;
    context.fillStyle = color;
    context.fill(path, 'evenodd');
    context.globalAlpha = 1;
  }
  context.lineJoin = 'round';
  context.setLineDash([]);
  context.strokeStyle = 'rgb(0 0 0 / 75%)';
  context.lineWidth = (thin ? HALO_WIDTH - 1 : HALO_WIDTH) / cssScale;
  context.stroke(path);
  if (dashed) context.setLineDash(DASHES.map((length) => length / cssScale));
  context.strokeStyle = color;
  context.lineWidth = (thin ? THIN_WIDTH : CONTOUR_WIDTH) / cssScale;
  context.stroke(path);
  context.setLineDash([]);
}

let probe: CanvasRenderingContext2D | null | undefined;

/** An image pixel's color, 0 to 255 per channel; undefined outside. */
export function colorAt(bitmap: ImageBitmap, { x, y }: Point): [number, number, number] | undefined {
  if (x < 0 || y < 0 || x >= bitmap.width || y >= bitmap.height) return undefined;
  probe ??= Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', {
    willReadFrequently: true,
  });
  if (!probe) return undefined;
  probe.clearRect(0, 0, 1, 1);
  probe.drawImage(bitmap, Math.floor(x), Math.floor(y), 1, 1, 0, 0, 1, 1);
  const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
