import type { Point } from '../viewer/viewport.ts';
import type { ViewerState } from '../viewer/viewer-state.svelte.ts';
import { visiblePart } from '../viewer/viewport.ts';
import type { AnnotationStore } from './annotation-store.svelte.ts';

const DIRECTIONS: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/**
 * Draws by keyboard: arrow keys move a cursor over the image, and the space bar lowers and raises the tool.
 */
export class KeyboardCursor {
  /** The center of the pixel under the cursor; undefined while the cursor is hidden. */
  position = $state.raw<Point>();
  readonly label: string = $derived.by(() => {
    if (!this.position) return '';
    const down = this.#annotation.gesture.down ? ', pen down' : '';
    return `x ${Math.floor(this.position.x)} y ${Math.floor(this.position.y)}${down}`;
  });
  readonly #viewer: ViewerState;
  readonly #annotation: AnnotationStore;

  constructor(viewer: ViewerState, annotation: AnnotationStore) {
    this.#viewer = viewer;
    this.#annotation = annotation;
  }

  /** Shows the cursor in the middle of the visible part. */
  show(): void {
    const { x, y, width, height } = visiblePart(this.#viewer.view, this.#viewer.image, this.#viewer.pane);
    this.position = this.#clamp({ x: x + width / 2, y: y + height / 2 });
  }

  hide(): void {
    this.position = undefined;
    this.#annotation.gesture.release();
  }

  /** Handles the cursor's keys and passes on other keys. */
  press(event: KeyboardEvent): void {
    if (event.altKey || event.metaKey || !this.#handle(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #handle(event: KeyboardEvent): boolean {
    const { gesture, tools } = this.#annotation;
    const direction = DIRECTIONS[event.key];
    if (direction) {
      this.#move(direction, event.ctrlKey ? 100 : event.shiftKey ? 10 : 1);
      return true;
    }
    if (event.ctrlKey || !this.position) return false;
    const isPolygon = tools.name === 'polygon';
    if (event.code === 'Space' || (event.key === 'Enter' && !isPolygon)) {
      if (!event.repeat) this.#pen(this.position);
    } else if (event.key === 'Enter') gesture.close();
    else if (event.key === 'Backspace') gesture.removeLastCorner();
    else if (event.key !== 'Escape') return false;
    else if (gesture.unfinished || gesture.down) gesture.cancel();
    else (event.currentTarget as HTMLElement).blur();
    return true;
  }

  #pen(point: Point): void {
    const { gesture, tools } = this.#annotation;
    if (gesture.down) {
      gesture.release();
      return;
    }
    gesture.press(point, false);
    if (tools.name === 'polygon') gesture.release();
  }

  #move(direction: Point, pixels: number): void {
    if (!this.position) return;
    const { view, image, pane } = this.#viewer;
    this.position = this.#clamp({
      x: this.position.x + direction.x * pixels,
      y: this.position.y + direction.y * pixels,
    });
    this.#annotation.gesture.move([this.position], false);
    const part = visiblePart(view, image, pane);
    const { x, y } = this.position;
    if (x < part.x || y < part.y || x > part.x + part.width || y > part.y + part.height)
      this.#viewer.centerOn(this.position);
  }

  #clamp({ x, y }: Point): Point {
    const { width, height } = this.#viewer.image;
    return {
      x: Math.min(Math.max(Math.floor(x), 0), width - 1) + 0.5,
      y: Math.min(Math.max(Math.floor(y), 0), height - 1) + 0.5,
    };
  }
}
