import type { PointerTool } from '../../../viewer/pointer-tool.ts';
import type { ViewerState } from '../../../viewer/viewer-state.svelte.ts';
import type { Point } from '../../../viewer/viewport.ts';
import type { RegionEditor } from '../../../state/recipes/region-editor.svelte.ts';
import {
  contains,
  handlesOf,
  moveShape,
  polygonOf,
  rectangleBetween,
  type ShapeHandle,
} from '../../../state/recipes/region-shapes.ts';

/** A press within this many CSS pixels of a handle hits it. */
const HIT_RADIUS = 8;

type Drag = { handle: ShapeHandle } | { from: Point; shape: NonNullable<RegionEditor['shape']> };

/** Draws, selects, moves and resizes the shapes of an inspection region with the pointer. */
export function regionPointer(editor: RegionEditor, viewer: ViewerState): PointerTool {
  let drag: Drag | undefined;
  const near = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y) * viewer.view.scale < HIT_RADIUS;

  function select(at: Point): void {
    const hit = editor.keys.findLast(({ role, index }) => contains(editor.region[role][index], at));
    editor.selected = hit;
    if (hit) drag = { from: at, shape: editor.region[hit.role][hit.index] };
  }

  return {
    get cursor() {
      return editor.tool === 'select' ? 'default' : 'crosshair';
    },
    press(at) {
      const { points, image, shape } = editor;
      editor.endGesture();
      const handle = shape && points.length === 0 && handlesOf(shape, image).find((each) => near(each, at));
      if (handle) drag = { handle };
      else if (editor.tool === 'select') select(at);
      else if (editor.tool === 'rectangle') editor.points = [at, at];
      else if (points.length > 2 && (near(points[0], at) || near(points[points.length - 1], at)))
        editor.add(polygonOf(points, image));
      else editor.points = [...points, at];
    },
    stroke(positions) {
      const at = positions.at(-1);
      if (!at) return;
      if (drag && 'handle' in drag) editor.replace(drag.handle.drag(at), 'drag');
      else if (drag) {
        const by = { x: Math.round(at.x - drag.from.x), y: Math.round(at.y - drag.from.y) };
        editor.replace(moveShape(drag.shape, by, editor.image), 'drag');
      } else if (editor.tool === 'rectangle' && editor.points.length > 0)
        editor.points = [editor.points[0], at];
    },
    release() {
      const [from, to] = editor.points;
      if (!drag && editor.tool === 'rectangle' && editor.points.length === 2) {
        const drawn = near(from, to) ? undefined : rectangleBetween(from, to, editor.image);
        editor.add(drawn);
        // A click without a drag selects a shape.
        if (!drawn) select(to);
      }
      drag = undefined;
      editor.endGesture();
    },
    cancel() {
      drag = undefined;
      editor.cancelShape();
    },
  };
}
