import type { ViewerState } from '../viewer/viewer-state.svelte.ts';
import type { PointerTool } from '../viewer/pointer-tool.ts';
import type { AnnotationStore } from './annotation-store.svelte.ts';

/** A click within this many CSS pixels of a vertex hits it. */
const HIT_RADIUS = 8;
/** Wheel movement in CSS pixels that changes the brush by one step. */
const WHEEL_STEP = 50;

/** Draws with the pointer. Alt erases; the wheel with Shift or Alt changes the tool size. */
export function drawingPointer(annotation: AnnotationStore, viewer: ViewerState): PointerTool {
  const { gesture, tools } = annotation;
  const near = (a: { x: number; y: number }, b: { x: number; y: number }) =>
    Math.hypot(a.x - b.x, a.y - b.y) * viewer.view.scale < HIT_RADIUS;
  return {
    get cursor() {
      return tools.brushes ? 'none' : 'crosshair';
    },
    press(at, event) {
      const { corners } = gesture;
      // A click on the first or the last vertex (a double click) closes the polygon.
      const closes = corners.length > 2 && (near(corners[0], at) || near(corners[corners.length - 1], at));
      if (tools.name === 'polygon' && closes) gesture.close();
      else gesture.press(at, event.altKey);
    },
    stroke(points) {
      const { corners } = gesture;
      const last = corners.at(-1);
      // Ignores small movements during a click.
      if (tools.name === 'polygon' && last && points.every((point) => near(last, point))) return;
      gesture.move(points);
    },
    release: () => gesture.release(),
    cancel: () => gesture.cancel(),
    wheel(event) {
      if (!event.shiftKey && !event.altKey) return false;
      // Some systems scroll horizontally while Shift is held.
      const distance = event.deltaY || event.deltaX;
      tools.step(-Math.sign(distance) * Math.max(1, Math.round(Math.abs(distance) / WHEEL_STEP)));
      return true;
    },
  };
}
