import { createContext } from 'svelte';
import type { ColormapName } from '../../src-main/common/maps/colormaps.ts';
import { DisplayRange } from './display-range.svelte.ts';
import { clampView, panBy, fitView, toImage, zoomAt, type Point, type Size, type View } from './viewport.ts';

export const paneKinds = ['input', 'truth', 'heatmap', 'overlay'] as const;
export type PaneKind = (typeof paneKinds)[number];

/** The panes of each layout, by their number. */
export const paneSets: readonly (readonly PaneKind[])[] = [
  ['overlay'],
  ['input', 'overlay'],
  ['input', 'heatmap', 'overlay'],
  paneKinds,
];

/** Window width in CSS pixels from which three panes are shown by default. */
const WIDE = 1600;

/** Zoom factor of one step. */
const ZOOM_STEP = 1.25;
/** Largest zoom of zoomToPart(), in device pixels per image pixel. */
const MAX_PART_ZOOM = 4;
/** Fraction of the pane by which one key press pans. */
const PAN_STEP = 0.15;

/** The viewer's view and layers, shared by all panes, images and screens. */
export class ViewerState {
  panes = $state.raw<readonly PaneKind[]>(
    // Three panes are too small in a narrow window, and the overlay also shows the input.
    (globalThis.innerWidth ?? Infinity) < WIDE ? ['heatmap', 'overlay'] : paneSets[2],
  );
  /** The two layers of the swipe view; undefined if it is off. */
  swiped = $state.raw<readonly [PaneKind, PaneKind]>();
  /** Position of the divider as a fraction of the pane width. */
  divider = $state(0.5);
  contour = $state(true);
  groundTruth = $state(true);
  /** Whether the ground truth is filled as well as outlined. */
  groundTruthFilled = $state(false);
  /** Whether the overlay shows the heatmap. */
  heatmapOnOverlay = $state(false);
  opacity = $state(0.5);
  /** Whether heatmaps share the range of their class or each uses its own. */
  heatmapRangeOf = $state<'class' | 'image'>('class');
  /** Whether the theme is light. In the dark theme, a colormap with a white end would outshine the image. */
  light = $state(false);
  /** The selected colormap; undefined for the theme's default. */
  selectedColors = $state<ColormapName>();
  readonly colors: ColormapName = $derived(this.selectedColors ?? (this.light ? 'reds' : 'magma'));
  /** Whether enlarged pixels are smoothed. */
  smooth = $state(false);
  /** The gray levels over which the input is displayed. */
  readonly range = new DisplayRange();
  /** CSS filter of the input, defined by the viewer. */
  readonly filter: string | undefined = $derived.by(() =>
    this.range.filter === undefined ? undefined : `url(#${this.range.filter})`,
  );

  image = $state.raw<Size>({ width: 1, height: 1 });
  pane = $state.raw<Size>({ width: 1, height: 1 });
  pixelRatio = $state(1);
  /** The view after zooming or panning; undefined while the image is fitted. */
  userView = $state.raw<View>();
  readonly view: View = $derived(
    this.userView
      ? clampView(this.userView, this.image, this.pane, 1 / this.pixelRatio)
      : fitView(this.image, this.pane),
  );
  /** Device pixels per image pixel. */
  readonly zoom: number = $derived(this.view.scale * this.pixelRatio);

  /** Whether pointer moves pan because the space bar is held. */
  panning = $state(false);
  /** Pointer position in the pane. */
  pointerAt = $state.raw<Point>();
  /** Pointer position in the image; undefined outside. */
  readonly pointer: Point | undefined = $derived.by(() => {
    if (!this.pointerAt) return undefined;
    const position = toImage(this.pointerAt, this.view, this.pane);
    const { width, height } = this.image;
    const inside = position.x >= 0 && position.y >= 0 && position.x < width && position.y < height;
    return inside ? position : undefined;
  });
  /** An outline that is highlighted in all panes. */
  highlight = $state.raw<Path2D>();

  /** Sets the image size. A different size resets the view. */
  setImageSize(image: Size): void {
    if (image.width === this.image.width && image.height === this.image.height) return;
    this.image = image;
    this.userView = undefined;
  }

  fit(): void {
    this.userView = undefined;
  }

  actualSize(fixed: Point = this.#center): void {
    this.zoomTo(1 / this.pixelRatio, fixed);
  }

  /** @param steps positive to zoom in; may be fractional */
  zoomBy(steps: number, fixed: Point = this.#center): void {
    this.zoomTo(this.view.scale * ZOOM_STEP ** steps, fixed);
  }

  zoomTo(scale: number, fixed: Point): void {
    const limits = clampView({ ...this.view, scale }, this.image, this.pane, 1 / this.pixelRatio);
    this.userView = zoomAt(this.view, limits.scale, fixed, this.pane);
    this.userView = this.view;
  }

  drag(dx: number, dy: number): void {
    this.userView = panBy(this.view, dx, dy);
    this.userView = this.view;
  }

  /** Pans by one step: -1, 0 or 1 along each axis. */
  pan(x: number, y: number): void {
    this.drag(-x * PAN_STEP * this.pane.width, -y * PAN_STEP * this.pane.height);
  }

  centerOn(position: Point): void {
    this.userView = { ...this.view, ...position };
    this.userView = this.view;
  }

  /** Zooms in to a part of the image with a margin of half its size, at most to `MAX_PART_ZOOM`. */
  zoomToPart({ x, y, width, height }: Point & Size): void {
    const room = Math.min(this.pane.width / (2 * width), this.pane.height / (2 * height));
    const scale = Math.max(this.view.scale, Math.min(room, MAX_PART_ZOOM / this.pixelRatio));
    this.userView = { x: x + width / 2, y: y + height / 2, scale };
    this.userView = this.view;
  }

  /** Turns the swipe view of two layers in one pane on or off. */
  toggleSwipe(): void {
    this.swiped = this.swiped ? undefined : ['input', 'heatmap'];
  }

  moveDivider(fraction: number): void {
    this.divider = Math.min(Math.max(this.divider + fraction, 0), 1);
  }

  /** Shows or hides a pane. The last pane always remains visible. */
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
