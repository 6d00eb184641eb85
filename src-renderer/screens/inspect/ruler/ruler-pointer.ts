import type { Ruler, RulerLine } from '../../../state/scales/ruler.svelte.ts';
import type { PointerTool } from '../../../viewer/pointer-tool.ts';
import type { ViewerState } from '../../../viewer/viewer-state.svelte.ts';
import type { Point } from '../../../viewer/viewport.ts';

/** A press within this many CSS pixels of an end moves it. */
const HIT_RADIUS = 10;

/** Draws the ruler's line with the pointer, or moves one of its ends. */
export function rulerPointer(ruler: Ruler, viewer: ViewerState): PointerTool {
  let before: RulerLine | undefined;
  const isNear = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y) * viewer.view.scale < HIT_RADIUS;

  return {
    cursor: 'crosshair',
    press(at) {
      before = ruler.line;
      const hit = before && (['to', 'from'] as const).find((end) => before && isNear(before[end], at));
      if (hit) ruler.end = hit;
      else {
        ruler.start(at);
        ruler.moveTo(at, viewer.image);
      }
    },
    stroke(points, event) {
      const at = points.at(-1);
      if (at) ruler.moveTo(at, viewer.image, event.shiftKey);
    },
    release() {
      const { line } = ruler;
      // A click without a drag removes the line.
      if (line && isNear(line.from, line.to)) ruler.clear();
    },
    cancel() {
      ruler.line = before;
    },
  };
}
