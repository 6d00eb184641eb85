import type { InspectionRegion } from '../../src-main/common/api/regions.ts';
import type { Size } from '../../src-main/common/geometry.ts';
import { regionLayers } from '../../src-main/common/maps/inspection-region.ts';

/** Dims the part of an image outside its inspection region. */
export interface ShadeLayer {
  kind: 'shade';
  /** Whether the image is inside before the shapes are painted. */
  startsInside: boolean;
  /** Painted in order, so that later shapes cover earlier ones. In image pixels. */
  shapes: readonly { path: Path2D; inside: boolean }[];
}

const OPACITY = 0.62;
const EDGE = 'rgb(255 255 255 / 70%)';

/** The shade for a region; undefined for the whole image. */
export function shadeOf(region: InspectionRegion | undefined, image: Size): ShadeLayer | undefined {
  if (!region) return undefined;
  const shapes = regionLayers(region, image).map(({ rings, inside }) => ({
    path: new Path2D(rings.map(pathOf).join('')),
    inside,
  }));
  return shapes.length === 0
    ? undefined
    : { kind: 'shade', startsInside: region.include.length === 0, shapes };
}

let scratch: OffscreenCanvas | undefined;

/**
 * Draws a shade with the context's current transform. It is composed separately, so that overlapping shapes
 * dim only once.
 */
export function drawShade(
  context: CanvasRenderingContext2D,
  layer: ShadeLayer,
  image: Size,
  cssScale: number,
): void {
  const { width, height } = context.canvas;
  scratch ??= new OffscreenCanvas(width, height);
  // Setting the size clears the canvas.
  Object.assign(scratch, { width, height });
  const shade = scratch.getContext('2d') as OffscreenCanvasRenderingContext2D;
  shade.setTransform(context.getTransform());
  shade.beginPath();
  shade.rect(0, 0, image.width, image.height);
  shade.clip();
  if (!layer.startsInside) shade.fillRect(0, 0, image.width, image.height);
  for (const { path, inside } of layer.shapes) {
    shade.globalCompositeOperation = inside ? 'destination-out' : 'source-over';
    shade.fill(path, 'evenodd');
  }
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = OPACITY;
  context.drawImage(scratch, 0, 0);
  context.restore();
  drawEdges(context, layer, cssScale);
}

/** The edges show the region even if the image is dark. */
function drawEdges(context: CanvasRenderingContext2D, { shapes }: ShadeLayer, cssScale: number): void {
  context.lineWidth = 1 / cssScale;
  context.strokeStyle = EDGE;
  context.setLineDash([2 / cssScale, 3 / cssScale]);
  for (const { path } of shapes) context.stroke(path);
  context.setLineDash([]);
}

function pathOf(ring: readonly number[]): string {
  let path = '';
  for (let at = 0; at < ring.length; at += 2) path += `${at === 0 ? 'M' : 'L'}${ring[at]} ${ring[at + 1]}`;
  return `${path}Z`;
}
