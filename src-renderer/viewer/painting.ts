import type { Point, Size, View } from './viewport.ts';

/** What a pane shows, from the bottom up. All layers cover the same image. */
export type Layer = BitmapLayer | ContourLayer;

export interface BitmapLayer {
  kind: 'bitmap';
  /** A picture of the image's area, of whatever resolution; a canvas is drawn as it is when the pane is. */
  bitmap: ImageBitmap | OffscreenCanvas | HTMLCanvasElement;
  opacity: number;
  /** CSS filter that it is seen through: a display range. */
  filter?: string | undefined;
}

export interface ContourLayer {
  kind: 'contour';
  /** In image pixels. */
  path: Path2D;
  color: string;
  dashed: boolean;
  /** Opacity with which its inside is filled; not at all where absent. */
  tint?: number | undefined;
}

/** Layers that begin at a place across the pane, over the others. */
export interface SplitLayers {
  layers: readonly Layer[];
  /** Share of the pane's width that the others keep, 0 to 1. */
  from: number;
}

/** What is painted on: the layers see nothing of the rest of the page. */
export interface Surface {
  image: Size;
  view: View;
  /** Size in CSS pixels. */
  pane: Size;
  /** Device pixels per CSS pixel. */
  ratio: number;
  /** Whether enlarged pixels are smoothed; else, from four device pixels on, they are the squares they are. */
  smooth: boolean;
}

const CRISP_FROM = 4;
const CONTOUR_WIDTH = 1.5;
const HALO_WIDTH = 3.5;
const DASHES = [6, 4];

/** Where the image lies on the canvas, in device pixels: `x` of the image is at `left + x * scale`. */
export interface Transform {
  scale: number;
  left: number;
  top: number;
}

export function transformOf({ pane, view, ratio }: Pick<Surface, 'pane' | 'view' | 'ratio'>): Transform {
  const { width, height } = deviceSize(pane, ratio);
  const scale = view.scale * ratio;
  return {
    scale,
    left: Math.round(width / 2 - view.x * scale),
    top: Math.round(height / 2 - view.y * scale),
  };
}

/** Size of a pane's canvas in device pixels. */
export function deviceSize(pane: Size, ratio: number): Size {
  return {
    width: Math.max(1, Math.round(pane.width * ratio)),
    height: Math.max(1, Math.round(pane.height * ratio)),
  };
}

/** Draws a pane. */
export function paint(
  canvas: HTMLCanvasElement,
  layers: readonly Layer[],
  surface: Surface,
  beyond?: SplitLayers,
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { view } = surface;
  const { width, height } = deviceSize(surface.pane, surface.ratio);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  const { scale, left, top } = transformOf(surface);
  const divider = beyond ? Math.round(beyond.from * width) : width;
  const draw = (drawn: readonly Layer[], from: number, to: number) => {
    if (to <= from) return;
    context.save();
    context.beginPath();
    context.rect(from, 0, to - from, height);
    context.clip();
    context.setTransform(scale, 0, 0, scale, left, top);
    for (const layer of drawn) {
      if (layer.kind === 'bitmap') drawBitmap(context, layer, surface);
      else drawContour(context, layer, view.scale);
    }
    context.restore();
  };
  draw(layers, 0, divider);
  if (beyond) draw(beyond.layers, divider, width);
}

function drawBitmap(
  context: CanvasRenderingContext2D,
  { bitmap, opacity, filter }: BitmapLayer,
  { image, view, ratio, smooth }: Surface,
): void {
  // One that was dropped from memory meanwhile has no size and cannot be drawn.
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

/** Lines keep their width on screen whatever the zoom. */
function drawContour(
  context: CanvasRenderingContext2D,
  { path, color, dashed, tint }: ContourLayer,
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
  context.lineWidth = HALO_WIDTH / cssScale;
  context.stroke(path);
  if (dashed) context.setLineDash(DASHES.map((length) => length / cssScale));
  context.strokeStyle = color;
  context.lineWidth = CONTOUR_WIDTH / cssScale;
  context.stroke(path);
  context.setLineDash([]);
}

let probe: CanvasRenderingContext2D | null | undefined;

/** The color of one image pixel, 0..255 each; undefined outside. */
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
