import { levelCount } from '../../../src-main/common/tiles.ts';
import type { ContourPart } from '../../image-cache/outline.ts';
import type { ViewerState } from '../../viewer/viewer-state.svelte.ts';
import { visiblePart, type Point, type Size } from '../../viewer/viewport.ts';
import { watch } from '../../reactivity/watch.svelte.ts';

/** The contour is computed for the visible part and this fraction of it on each side, so that panning finds it. */
const MARGIN = 0.25;

/** Computes the contour of a part of the image at the resolution of a level. */
export type ContourLoader = (level: number, part: Point & Size) => Promise<ContourPart>;

/** A contour that is too large to be computed for the whole image: that of the visible part. */
export class PartialContour {
  current = $state.raw<ContourPart>();
  readonly #viewer: ViewerState;
  readonly #fail: (thrown: unknown) => void;
  /** What the current contour belongs to. */
  #drawn: { load: ContourLoader; level: number } | undefined;
  #next: { load: ContourLoader; level: number; part: Point & Size } | undefined;
  #running = false;

  /**
   * @param loader of the contour; a new function if it changes. Undefined if there is none.
   */
  constructor(viewer: ViewerState, loader: () => ContourLoader | undefined, fail: (thrown: unknown) => void) {
    this.#viewer = viewer;
    this.#fail = fail;
    watch(
      () => ({ load: loader(), ...visible(viewer) }),
      ({ load, level, part }) => this.#show(load, level, part),
    );
  }

  #show(load: ContourLoader | undefined, level: number, part: Point & Size): void {
    this.#next = undefined;
    if (!load) {
      this.current = undefined;
      this.#drawn = undefined;
      return;
    }
    // A screen that has just opened has no size yet.
    if (!(part.width > 0 && part.height > 0)) return;
    const isSame = this.#drawn?.load === load && this.#drawn.level === level;
    if (isSame && this.current && contains(this.current.part, part)) return;
    this.#next = { load, level, part: withMargin(part, this.#viewer.image) };
    if (!this.#running) void this.#run();
  }

  /** Computes one contour at a time, and skips all but the latest. The old one remains until then. */
  async #run(): Promise<void> {
    this.#running = true;
    try {
      for (let next = this.#next; next; next = this.#next) {
        this.#next = undefined;
        const contour = await next.load(next.level, next.part);
        if (this.#next) continue;
        this.#drawn = next;
        this.current = contour;
      }
    } catch (thrown) {
      this.#fail(thrown);
    } finally {
      this.#running = false;
    }
  }
}

/** The visible part, and the level whose pixels are one to two device pixels. */
function visible({ view, image, pane, zoom }: ViewerState): { part: Point & Size; level: number } {
  const level = Math.min(Math.max(Math.ceil(-Math.log2(zoom) - 1e-9), 0), levelCount(image) - 1);
  return { part: visiblePart(view, image, pane), level };
}

function withMargin({ x, y, width, height }: Point & Size, image: Size): Point & Size {
  const left = Math.max(0, x - MARGIN * width);
  const top = Math.max(0, y - MARGIN * height);
  return {
    x: left,
    y: top,
    width: Math.min(image.width, x + width * (1 + MARGIN)) - left,
    height: Math.min(image.height, y + height * (1 + MARGIN)) - top,
  };
}

function contains(outer: Point & Size, inner: Point & Size): boolean {
  return (
    outer.x <= inner.x + 0.5 &&
    outer.y <= inner.y + 0.5 &&
    outer.x + outer.width >= inner.x + inner.width - 0.5 &&
    outer.y + outer.height >= inner.y + inner.height - 0.5
  );
}
