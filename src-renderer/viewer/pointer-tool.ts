import type { Point } from './viewport.ts';

/**
 * A tool for the main pointer button over a pane, such as a brush. Without a tool, the pointer pans. Points
 * are fractional image pixels and may be outside the image. The middle button, and the space bar, always pan.
 */
export interface PointerTool {
  /** CSS cursor over the panes. */
  cursor: string;
  press(at: Point, event: PointerEvent): void;
  /** All points since the last call while the button is pressed, in order and independent of the frame rate. */
  stroke(points: readonly Point[], event: PointerEvent): void;
  release(event: PointerEvent): void;
  /** The system canceled the stroke. Its effect must be discarded. */
  cancel(): void;
  /** @returns whether the tool handled the event; otherwise the wheel zooms */
  wheel?(event: WheelEvent): boolean;
}
