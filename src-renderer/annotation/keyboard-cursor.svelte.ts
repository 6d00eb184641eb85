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

/** Draws without a pointer: arrows move a cursor over the image, the space bar puts the tool down there and lifts it. */
export class KeyboardCursor {
  /** Center of the pixel that it stands on; undefined while it is not used. */
  place = $state.raw<Point>();
  readonly words: string = $derived.by(() => {
    if (!this.place) return '';
    const down = this.#annotation.gesture.down ? ', pen down' : '';
    return `x ${Math.floor(this.place.x)} y ${Math.floor(this.place.y)}${down}`;
  });
  readonly #viewer: ViewerState;
  readonly #annotation: AnnotationStore;

  constructor(viewer: ViewerState, annotation: AnnotationStore) {
    this.#viewer = viewer;
    this.#annotation = annotation;
  }

  /** Appears in the middle of what is seen. */
  show(): void {
    const { x, y, width, height } = visiblePart(this.#viewer.view, this.#viewer.image, this.#viewer.pane);
    this.place = this.#clampView({ x: x + width / 2, y: y + height / 2 });
  }

  hide(): void {
    this.place = undefined;
    this.#annotation.gesture.release();
  }

  /** Takes the keys that are its own; all others go their way. */
  press(event: KeyboardEvent): void {
    if (event.altKey || event.metaKey || !this.#take(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #take(event: KeyboardEvent): boolean {
    const { gesture, tools } = this.#annotation;
    const direction = DIRECTIONS[event.key];
    if (direction) {
      this.#move(direction, event.ctrlKey ? 100 : event.shiftKey ? 10 : 1);
      return true;
    }
    if (event.ctrlKey || !this.place) return false;
    const isPolygon = tools.name === 'polygon';
    if (event.code === 'Space' || (event.key === 'Enter' && !isPolygon)) {
      if (!event.repeat) this.#pen(this.place);
    } else if (event.key === 'Enter') gesture.close();
    else if (event.key === 'Backspace') gesture.removeLastCorner();
    else if (event.key !== 'Escape') return false;
    else if (gesture.open || gesture.down) gesture.cancel();
    else (event.currentTarget as HTMLElement).blur();
    return true;
  }

  #pen(place: Point): void {
    const { gesture, tools } = this.#annotation;
    if (gesture.down) {
      gesture.release();
      return;
    }
    gesture.press(place, false);
    if (tools.name === 'polygon') gesture.release();
  }

  #move(direction: Point, pixels: number): void {
    if (!this.place) return;
    const { view, image, pane } = this.#viewer;
    this.place = this.#clampView({
      x: this.place.x + direction.x * pixels,
      y: this.place.y + direction.y * pixels,
    });
    this.#annotation.gesture.move([this.place], false);
    const part = visiblePart(view, image, pane);
    const { x, y } = this.place;
    if (x < part.x || y < part.y || x > part.x + part.width || y > part.y + part.height)
      this.#viewer.centerOn(this.place);
  }

  #clampView({ x, y }: Point): Point {
    const { width, height } = this.#viewer.image;
    return {
      x: Math.min(Math.max(Math.floor(x), 0), width - 1) + 0.5,
      y: Math.min(Math.max(Math.floor(y), 0), height - 1) + 0.5,
    };
  }
}
