import type { Point } from './viewport.ts';

/**
 * What the main button of the pointer does over a pane instead of moving the image: drawing, picking. Places are image
 * pixels, fractions and places beside the image included. Space held, and the middle button, move the image all the same.
 */
export interface PointerTool {
  /** CSS cursor over the panes. */
  cursor: string;
  press(at: Point, event: PointerEvent): void;
  /** While pressed: every place since the last call, in order, however seldom the page is drawn. */
  stroke(places: readonly Point[], event: PointerEvent): void;
  release(event: PointerEvent): void;
  /** The stroke was taken away (a system gesture, a lost window): what it did is to be dropped. */
  cancel(): void;
  /** @returns whether the turn of the wheel was meant for the tool; else it zooms */
  wheel?(event: WheelEvent): boolean;
}
