import { isKeystroke } from '../../../shortcuts/keystrokes.ts';
import type { Ruler } from '../../../state/scales/ruler.svelte.ts';
import type { ViewerState } from '../../../viewer/viewer-state.svelte.ts';
import { visiblePart, type Point } from '../../../viewer/viewport.ts';

const DIRECTIONS: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** The objects that the ruler's keys act on. */
export interface RulerKeyTargets {
  ruler: Ruler;
  viewer: ViewerState;
  /** Continues to the known length. */
  finish: () => void;
  leave: () => void;
}

/** Handles a key press for the open ruler. @returns whether the key belongs to the ruler */
export function pressRulerKey(event: KeyboardEvent, targets: RulerKeyTargets): boolean {
  if (event.altKey) return false;
  const { ruler, viewer, finish, leave } = targets;
  const direction = DIRECTIONS[event.key];
  if (direction) {
    const pixels = event.ctrlKey ? 100 : event.shiftKey ? 10 : 1;
    const isMoved = ruler.moveBy({ x: direction.x * pixels, y: direction.y * pixels }, viewer.image);
    if (isMoved && ruler.position) keepVisible(viewer, ruler.position);
    return isMoved;
  }
  if (event.code === 'Space' && ruler.line) {
    ruler.end = ruler.end === 'to' ? 'from' : 'to';
    return true;
  }
  if (isKeystroke(event, 'Enter')) {
    if (ruler.cursor) ruler.start(ruler.cursor);
    else if (ruler.line) finish();
    else ruler.cursor = centerOf(viewer);
    return true;
  }
  if (isKeystroke(event, 'Escape')) {
    if (ruler.position) ruler.clear();
    else leave();
    return true;
  }
  return false;
}

function centerOf(viewer: ViewerState): Point {
  const { x, y, width, height } = visiblePart(viewer.view, viewer.image, viewer.pane);
  return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
}

function keepVisible(viewer: ViewerState, at: Point): void {
  const part = visiblePart(viewer.view, viewer.image, viewer.pane);
  if (at.x < part.x || at.y < part.y || at.x > part.x + part.width || at.y > part.y + part.height)
    viewer.centerOn(at);
}
