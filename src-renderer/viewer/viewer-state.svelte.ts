import { createContext } from 'svelte';
import type { ColourMapName } from '../../src-main/common/maps/colormaps.ts';
import { DisplayRange } from './display-range.svelte.ts';
import { clampView, panBy, fitView, toImage, zoomAt, type Point, type Size, type View } from './viewport.ts';

export const paneKinds = ['input', 'truth', 'heatmap', 'overlay'] as const;
export type PaneKind = (typeof paneKinds)[number];

/** What is shown by how many panes. */
export const paneSets: readonly (readonly PaneKind[])[] = [
  ['overlay'],
  ['input', 'overlay'],
  ['input', 'heatmap', 'overlay'],
  paneKinds,
];

/** CSS pixels of the window from which on three panes are shown at first. */
const WIDE = 1600;

/** Factor of one zoom step by key or button. */
const ZOOM_STEP = 1.25;
/** Device pixels per image pixel up to which zoomToPart() zooms. */
const CLOSE = 4;
/** Share of the pane that one panning key press moves by. */
const PAN_STEP = 0.15;

/** How images are looked at: the same for all panes, and kept from image to image and from screen to screen. */
export class ViewerState {
  panes = $state.raw<readonly PaneKind[]>(
    // The overlay has what the input has; three in a row leave each too small on a window that is not wide.
    (globalThis.innerWidth ?? Infinity) < WIDE ? ['heatmap', 'overlay'] : paneSets[2],
  );
  /** The two that are swiped between in one pane, while they are. */
  swiped = $state.raw<readonly [PaneKind, PaneKind]>();
  /** Share of the pane's width left of the divider. */
  divider = $state(0.5);
  contour = $state(true);
  truth = $state(true);
  /** Ground truth is tinted beside being outlined. */
  tinted = $state(false);
  /** The heatmap as a layer of the overlay. */
  blended = $state(false);
  opacity = $state(0.5);
  /** Heatmaps on the scale of their class, or each on its own. */
  scaleOf = $state<'class' | 'image'>('class');
  /** Whether the theme is light. In the dark one, a color map that is white where nothing is would outshine the image. */
  light = $state(false);
  /** The color map that a person chose; else the one of the theme holds. */
  chosenColors = $state<ColourMapName>();
  readonly colors: ColourMapName = $derived(this.chosenColors ?? (this.light ? 'reds' : 'magma'));
  /** Enlarged pixels are smoothed; else they are the squares they are. */
  smooth = $state(false);
  /** The levels that the input is shown over. */
  readonly range = new DisplayRange();
  /** The filter that the input is seen through: the viewer has one of that id. */
  readonly filter: string | undefined = $derived.by(() =>
    this.range.filter === undefined ? undefined : `url(#${this.range.filter})`,
  );

  image = $state.raw<Size>({ width: 1, height: 1 });
  pane = $state.raw<Size>({ width: 1, height: 1 });
  pixelRatio = $state(1);
  /** The view the operator zoomed or panned to; undefined while the whole image fits the pane. */
  chosen = $state.raw<View>();
  readonly view: View = $derived(
    this.chosen
      ? clampView(this.chosen, this.image, this.pane, 1 / this.pixelRatio)
      : fitView(this.image, this.pane),
  );
  /** Device pixels per image pixel. */
  readonly zoom: number = $derived(this.view.scale * this.pixelRatio);

  /** While the space bar is held, every move of the pointer moves the image. */
  hand = $state(false);
  /** Where the pointer is over a pane, and the image position that it is at. */
  pointerAt = $state.raw<Point>();
  readonly pointer: Point | undefined = $derived.by(() => {
    if (!this.pointerAt) return undefined;
    const position = toImage(this.pointerAt, this.view, this.pane);
    const { width, height } = this.image;
    const inside = position.x >= 0 && position.y >= 0 && position.x < width && position.y < height;
    return inside ? position : undefined;
  });
  /** An outline in the image that is pointed out in all panes. */
  marked = $state.raw<Path2D>();

  /** Shows an image of another size: nothing of the old view can be kept. */
  present(image: Size): void {
    if (image.width === this.image.width && image.height === this.image.height) return;
    this.image = image;
    this.chosen = undefined;
  }

  fit(): void {
    this.chosen = undefined;
  }

  actualSize(fixed: Point = this.#center): void {
    this.zoomTo(1 / this.pixelRatio, fixed);
  }

  /** @param steps larger for closer; fractions are fine */
  zoomBy(steps: number, fixed: Point = this.#center): void {
    this.zoomTo(this.view.scale * ZOOM_STEP ** steps, fixed);
  }

  zoomTo(scale: number, fixed: Point): void {
    const limits = clampView({ ...this.view, scale }, this.image, this.pane, 1 / this.pixelRatio);
    this.chosen = zoomAt(this.view, limits.scale, fixed, this.pane);
    this.chosen = this.view;
  }

  drag(dx: number, dy: number): void {
    this.chosen = panBy(this.view, dx, dy);
    this.chosen = this.view;
  }

  /** Moves the view by key: -1, 0 or 1 along each axis. */
  pan(x: number, y: number): void {
    this.drag(-x * PAN_STEP * this.pane.width, -y * PAN_STEP * this.pane.height);
  }

  centerOn(position: Point): void {
    this.chosen = { ...this.view, ...position };
    this.chosen = this.view;
  }

  /** Zooms to a part of the image, with as much around it; never out, and not beyond `CLOSE` device pixels a pixel. */
  zoomToPart({ x, y, width, height }: Point & Size): void {
    const room = Math.min(this.pane.width / (2 * width), this.pane.height / (2 * height));
    const scale = Math.max(this.view.scale, Math.min(room, CLOSE / this.pixelRatio));
    this.chosen = { x: x + width / 2, y: y + height / 2, scale };
    this.chosen = this.view;
  }

  /** Swipes between two layers in one pane, or shows the panes again. */
  toggleSwipe(): void {
    this.swiped = this.swiped ? undefined : ['input', 'heatmap'];
  }

  moveDivider(share: number): void {
    this.divider = Math.min(Math.max(this.divider + share, 0), 1);
  }

  /** Shows or hides one pane; one always stays. */
  toggle(kind: PaneKind): void {
    const shown = paneKinds.filter((pane) => this.panes.includes(pane) !== (pane === kind));
    if (shown.length > 0) this.panes = shown;
    this.swiped = undefined;
  }

  get #center(): Point {
    return { x: this.pane.width / 2, y: this.pane.height / 2 };
  }
}

export const [getViewer, setViewer] = createContext<ViewerState>();
