import type { Size, View } from './viewport.ts';

/** Geometry of the canvas to paint on. */
export interface CanvasTarget {
  image: Size;
  view: View;
  /** Size in CSS pixels. */
  pane: Size;
  /** Device pixels per CSS pixel. */
  ratio: number;
  /** Whether enlarged pixels are smoothed. Otherwise pixels of four device pixels or more are drawn as squares. */
  smooth: boolean;
}

/** Device pixels per image pixel from which pixels are drawn as squares. */
export const CRISP_FROM = 4;

/** Position of the image on the canvas in device pixels: image `x` is at `left + x * scale`. */
export interface Transform {
  scale: number;
  left: number;
  top: number;
}

export function transformOf({ pane, view, ratio }: Pick<CanvasTarget, 'pane' | 'view' | 'ratio'>): Transform {
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
