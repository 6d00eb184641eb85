import type { ViewerState } from '../viewer/viewer-state.svelte.ts';
import type { PointerTool } from '../viewer/pointer-tool.ts';
import type { AnnotationStore } from './annotation-store.svelte.ts';

/** How near, in CSS pixels, a click has to be to a corner to mean it. */
const NEAR = 8;
/** Wheel movement, in CSS pixels, that changes the brush by one step. */
const WHEEL_STEP = 50;

/** Draws with the pointer: Alt takes away, the wheel with Shift or Alt changes the size of the tool. */
export function pointerTool(annotation: AnnotationStore, viewer: ViewerState): PointerTool {
  const { gesture, tools } = annotation;
  const near = (a: { x: number; y: number }, b: { x: number; y: number }) =>
    Math.hypot(a.x - b.x, a.y - b.y) * viewer.view.scale < NEAR;
  return {
    get cursor() {
      return tools.brushes ? 'none' : 'crosshair';
    },
    press(at, event) {
      const { corners } = gesture;
      // The first corner again, or the last one (a double click), closes a polygon.
      const closes = corners.length > 2 && (near(corners[0], at) || near(corners[corners.length - 1], at));
      if (tools.name === 'polygon' && closes) gesture.close();
      else gesture.press(at, event.altKey);
    },
    stroke(places) {
      const { corners } = gesture;
      const last = corners.at(-1);
      // A hand that trembles while it clicks does not draw.
      if (tools.name === 'polygon' && last && places.every((place) => near(last, place))) return;
      gesture.move(places);
    },
    release: () => gesture.release(),
    cancel: () => gesture.cancel(),
    wheel(event) {
      if (!event.shiftKey && !event.altKey) return false;
      // With Shift held, some systems turn the wheel sideways.
      const distance = event.deltaY || event.deltaX;
      tools.step(-Math.sign(distance) * Math.max(1, Math.round(Math.abs(distance) / WHEEL_STEP)));
      return true;
    },
  };
}
