import type { Layer } from '../../viewer/painting.ts';
import type { PaneContent } from '../../viewer/pane-content.ts';
import type { ActiveImage } from './active-image.svelte.ts';
import type { PaneKind, ViewerState } from '../../viewer/viewer-state.svelte.ts';

const PREDICTION = '#ffd60a';
const SMALL = '#b4b4b4';
const TRUTH = '#22d3ee';
const FILL_OPACITY = 0.35;
const HIGHLIGHT = '#ffffff';

/** The contour. Regions below the size limits are thin and gray. */
export function contourLayers({ outline: { contour, smallContour } }: Pick<ActiveImage, 'outline'>): Layer[] {
  const layers: Layer[] = [];
  if (smallContour)
    layers.push({ kind: 'contour', path: smallContour, color: SMALL, dashed: false, thin: true });
  if (contour) layers.push({ kind: 'contour', path: contour, color: PREDICTION, dashed: true });
  return layers;
}

/** The image, or its placeholder until it has loaded. */
export function imageLayers({ tiles, picture }: ActiveImage, filter?: string): Layer[] {
  if (tiles) return [{ kind: 'tiles', tiles, version: tiles.version, opacity: 1, filter }];
  return picture ? [{ kind: 'bitmap', bitmap: picture, opacity: 1, filter }] : [];
}

export function heatmapLayers(
  { heatmapTiles: tiles, heatmap }: Pick<ActiveImage, 'heatmap' | 'heatmapTiles'>,
  opacity: number,
): Layer[] {
  if (tiles) return [{ kind: 'tiles', tiles, version: tiles.version, opacity }];
  return heatmap ? [{ kind: 'bitmap', bitmap: heatmap, opacity }] : [];
}

/** The layers of each kind of pane for the active image. Create it in a component. */
export class PaneLayers {
  readonly #activeImage: ActiveImage;
  readonly #viewer: ViewerState;

  /** The highlighted region, on every pane. */
  readonly #highlight: Layer[] = $derived.by(() =>
    this.#viewer.highlight
      ? [{ kind: 'contour', path: this.#viewer.highlight, color: HIGHLIGHT, dashed: false }]
      : [],
  );
  readonly #contour: Layer[] = $derived.by(() =>
    this.#viewer.contour && this.#activeImage.isDrawn ? contourLayers(this.#activeImage) : [],
  );
  readonly #groundTruthContour: Layer[] = $derived.by(() =>
    this.#activeImage.truthContour && this.#activeImage.isDrawn
      ? [
          {
            kind: 'contour',
            path: this.#activeImage.truthContour,
            color: TRUTH,
            dashed: false,
            tint: this.#viewer.groundTruthFilled ? FILL_OPACITY : undefined,
          },
        ]
      : [],
  );
  readonly #image: Layer[] = $derived.by(() => imageLayers(this.#activeImage, this.#viewer.filter));
  readonly #map: Layer[] = $derived.by(() => heatmapLayers(this.#activeImage, 1));
  readonly #blend: Layer[] = $derived.by(() =>
    this.#viewer.heatmapOnOverlay ? heatmapLayers(this.#activeImage, this.#viewer.opacity) : [],
  );

  /** Dims the area that is not inspected, on every pane. */
  readonly #shade: Layer[] = $derived.by(() =>
    this.#activeImage.shade && (this.#activeImage.picture || this.#activeImage.tiles)
      ? [this.#activeImage.shade]
      : [],
  );

  // One derivation per pane: a pane is redrawn only if one of its layers changes.
  readonly #input: PaneContent = $derived.by(() => ({
    key: 'input',
    title: 'Input',
    layers: [...this.#image, ...this.#shade, ...this.#highlight],
  }));
  readonly #truth: PaneContent = $derived.by(() => ({
    key: 'truth',
    title: 'Ground truth',
    layers: [...this.#image, ...this.#shade, ...this.#groundTruthContour, ...this.#highlight],
  }));
  readonly #heatmap: PaneContent = $derived.by(() => ({
    key: 'heatmap',
    title: 'Heatmap',
    layers: [...this.#map, ...this.#shade, ...this.#highlight],
  }));
  readonly #overlay: PaneContent = $derived.by(() => ({
    key: 'overlay',
    title: 'Overlay',
    layers: [
      ...this.#image,
      ...this.#blend,
      ...this.#shade,
      ...(this.#viewer.groundTruth ? this.#groundTruthContour : []),
      ...this.#contour,
      ...this.#highlight,
    ],
  }));

  constructor(activeImage: ActiveImage, viewer: ViewerState) {
    this.#activeImage = activeImage;
    this.#viewer = viewer;
  }

  pane(kind: PaneKind): PaneContent {
    switch (kind) {
      case 'input':
        return this.#input;
      case 'truth':
        return this.#truth;
      case 'heatmap':
        return this.#heatmap;
      case 'overlay':
        return this.#overlay;
    }
  }

  /** A pane with one kind on each side of the divider. */
  swiped([left, right]: readonly [PaneKind, PaneKind]): PaneContent {
    return {
      key: 'swipe',
      title: `${this.pane(left).title} | ${this.pane(right).title}`,
      layers: this.pane(left).layers,
      rightLayers: this.pane(right).layers,
    };
  }
}
