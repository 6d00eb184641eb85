import type { Point, Size, View } from './viewport.ts';

/** What a pane shows, from the bottom up. All layers cover the same image. */
export type Layer =
  | { kind: 'bitmap'; bitmap: ImageBitmap; opacity: number }
  | { kind: 'contour'; path: Path2D; colour: string; dashed: boolean };

/** Above this many device pixels per image pixel, pixels are drawn as the squares they are. */
const CRISP_FROM = 4;

const CONTOUR_WIDTH = 1.5;
const HALO_WIDTH = 3.5;
const DASHES = [6, 4];

/**
 * Draws a pane.
 *
 * @param pane size in CSS pixels
 * @param ratio device pixels per CSS pixel
 */
export function paint(
  canvas: HTMLCanvasElement,
  layers: readonly Layer[],
  image: Size,
  view: View,
  pane: Size,
  ratio: number,
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const width = Math.max(1, Math.round(pane.width * ratio));
  const height = Math.max(1, Math.round(pane.height * ratio));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  const scale = view.scale * ratio;
  const left = Math.round(width / 2 - view.x * scale);
  const top = Math.round(height / 2 - view.y * scale);
  context.setTransform(scale, 0, 0, scale, left, top);
  for (const layer of layers) {
    if (layer.kind === 'bitmap') drawBitmap(context, layer, image, scale);
    else drawContour(context, layer, scale / ratio);
  }
}

function drawBitmap(
  context: CanvasRenderingContext2D,
  { bitmap, opacity }: Extract<Layer, { kind: 'bitmap' }>,
  image: Size,
  scale: number,
): void {
  // One that was dropped from memory meanwhile has no size and cannot be drawn.
  if (bitmap.width === 0) return;
  context.globalAlpha = opacity;
  context.imageSmoothingEnabled = scale * (image.width / bitmap.width) < CRISP_FROM;
  context.imageSmoothingQuality = scale < 1 ? 'high' : 'low';
  context.drawImage(bitmap, 0, 0, image.width, image.height);
  context.globalAlpha = 1;
}

/** Lines keep their width on screen whatever the zoom. */
function drawContour(
  context: CanvasRenderingContext2D,
  { path, colour, dashed }: Extract<Layer, { kind: 'contour' }>,
  cssScale: number,
): void {
  context.lineJoin = 'round';
  context.setLineDash([]);
  context.strokeStyle = 'rgb(0 0 0 / 75%)';
  context.lineWidth = HALO_WIDTH / cssScale;
  context.stroke(path);
  if (dashed) context.setLineDash(DASHES.map((length) => length / cssScale));
  context.strokeStyle = colour;
  context.lineWidth = CONTOUR_WIDTH / cssScale;
  context.stroke(path);
  context.setLineDash([]);
}

let probe: CanvasRenderingContext2D | null | undefined;

/** The colour of one image pixel, 0..255 each; undefined outside. */
export function colourAt(bitmap: ImageBitmap, { x, y }: Point): [number, number, number] | undefined {
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
