import { createContext, onMount } from 'svelte';
import type { ErrorReport } from '../../../src-main/common/api/errors.ts';
import type { DatasetImage } from '../../../src-main/common/api/datasets.ts';
import type { InspectionRegion } from '../../../src-main/common/api/regions.ts';
import type { Result } from '../../../src-main/common/api/runs.ts';
import type { ValueRange } from '../../../src-main/common/maps/value-range.ts';
import type { ColormapName } from '../../../src-main/common/maps/colormaps.ts';
import type { Region } from '../../../src-main/common/maps/regions.ts';
import { isWholeImage, regionMask } from '../../../src-main/common/maps/inspection-region.ts';
import type { PlacedMap } from '../../../src-main/common/maps/placed-map.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import type { Outline, OutlinedRegion, OutlineScope, TruthMask } from '../../image-cache/worker-requests.ts';
import { boundsOf, pathOf, ringAround, ringsOf } from '../../viewer/contour-rings.ts';
import { countLevels } from '../../viewer/gray-levels.ts';
import { shadeOf, type ShadeLayer } from '../../viewer/shade.ts';
import type { Point } from '../../viewer/viewport.ts';
import { getConnection, type Connection } from '../../api/connection.svelte.ts';
import { getBitmaps, type BitmapCache } from '../../image-cache/bitmap-cache.ts';
import { getMaps, type MapCache } from '../../image-cache/map-cache.ts';
import { getMasks, type MaskCache } from '../../image-cache/mask-cache.ts';
import { getThumbnails, type ThumbnailCache } from '../../image-cache/thumbnail-cache.svelte.ts';
import { getViewer, type ViewerState } from '../../viewer/viewer-state.svelte.ts';
import { getSelection, type ImageSelection } from '../images/image-selection.svelte.ts';
import { getDatasets, type DatasetStore } from '../datasets/dataset-store.svelte.ts';
import { getMethods, type MethodStore } from '../methods/method-store.svelte.ts';
import { getNotices, type Notices } from '../notices.svelte.ts';
import { getScores, type ClassScores, type ClassScoresStore } from '../results/class-scores.svelte.ts';
import { getRecipes, type RecipeStore } from '../recipes/recipe-store.svelte.ts';
import { getRegionEditor, type RegionEditor } from '../recipes/region-editor.svelte.ts';
import { getRegions, type RegionStore } from '../recipes/region-store.svelte.ts';
import { getResults, type ResultStore } from '../results/result-store.svelte.ts';
import { watch } from '../../reactivity/watch.svelte.ts';

/** The stores that an active image reads. */
export interface ActiveImageDeps {
  bitmaps: BitmapCache;
  connection: Connection;
  datasets: DatasetStore;
  maps: MapCache;
  masks: MaskCache;
  methods: MethodStore;
  notices: Notices;
  recipes: RecipeStore;
  regionEditor: RegionEditor;
  regions: RegionStore;
  results: ResultStore;
  scores: ClassScoresStore;
  selection: ImageSelection;
  thumbnails: ThumbnailCache;
  viewer: ViewerState;
}

/** Number of images on each side that are loaded in advance. */
const PRELOAD_RADIUS = 3;

/**
 * The open image as it is drawn: its pixels and ground truth, and its scores, heatmap and contour by the selected method.
 * Create it in a component.
 */
export class ActiveImage {
  bitmap = $state.raw<ImageBitmap>();
  /** The thumbnail, until the bitmap has loaded. */
  #preview = $state.raw<ImageBitmap>();
  /** The bitmap, or the thumbnail until it has loaded. */
  readonly picture: ImageBitmap | undefined = $derived(this.bitmap ?? this.#preview);
  truth = $state.raw<TruthMask>();
  placed = $state.raw<PlacedMap>();
  heatmap = $state.raw<ImageBitmap>();
  outline = $state.raw<Outline>();
  /** Why the image cannot be shown. */
  failure = $state.raw<ErrorReport>();

  readonly #deps: ActiveImageDeps;
  readonly image: DatasetImage | undefined = $derived.by(() => this.#deps.selection.image);
  /** Dependents follow the id, because every import creates new image objects. */
  readonly #id: number | undefined = $derived(this.image?.id);
  readonly #mask: string | null | undefined = $derived(this.image?.mask);
  readonly result: Result | undefined = $derived.by(() =>
    this.#deps.results.get(this.#id, this.#deps.methods.selectedId),
  );
  readonly scores: ClassScores | undefined = $derived.by(
    () => this.image && this.#deps.scores.byClass.get(this.image.textureClass),
  );
  readonly #textureClass: string | undefined = $derived(this.image?.textureClass);
  /** The inspected part of the image; undefined for the whole image. */
  readonly inspected: InspectionRegion | undefined = $derived.by(() => {
    const region = this.#deps.regions.of(this.#textureClass);
    return region && !isWholeImage(region) ? region : undefined;
  });
  readonly #inside: Uint8Array | undefined = $derived.by(
    () => this.inspected && regionMask(this.inspected, this.#deps.viewer.image),
  );
  readonly shade: ShadeLayer | undefined = $derived.by(() =>
    shadeOf(this.#deps.regionEditor.shown(this.#textureClass), this.#deps.viewer.image),
  );
  /** What counts in an outline: the inspection region and the recipe's size limits. */
  readonly scope: OutlineScope = $derived.by(() => {
    const { datasets, recipes } = this.#deps;
    const definition = recipes.ofClass(datasets.selectedId, this.#textureClass)?.latest.definition;
    return {
      region: this.inspected,
      limits: definition && {
        sizeLimits: definition.sizeLimits,
        edgeMargin: definition.edgeMargin,
        mmPerPixel: definition.mmPerPixel,
      },
    };
  });
  readonly #range: ValueRange | undefined = $derived.by(() => this.result && this.#rangeOf(this.result));
  readonly #low: number | undefined = $derived(this.#range?.low);
  readonly #high: number | undefined = $derived(this.#range?.high);
  /** The range of the heatmap; a new object only if its values change. */
  readonly range: ValueRange | undefined = $derived(
    this.#low === undefined || this.#high === undefined ? undefined : { low: this.#low, high: this.#high },
  );
  /** The contour's threshold. A contour at a recipe's threshold shows its decision, so a blind review hides it. */
  readonly threshold: number | undefined = $derived.by(() =>
    this.#id !== undefined && this.#deps.datasets.isHidden?.(this.#id) ? undefined : this.scores?.threshold,
  );
  /** The regions above the threshold: those of sufficient size first, then by descending peak. */
  readonly regions: readonly OutlinedRegion[] = $derived(this.outline?.regions ?? []);
  readonly #rings: readonly Point[][] = $derived(
    ringsOf(`${this.outline?.path ?? ''}${this.outline?.smallPath ?? ''}`),
  );
  /** Index of the highlighted region. */
  region = $state<number>();
  readonly contour: Path2D | undefined = $derived(this.outline && new Path2D(this.outline.path));
  /** The contour of regions below the size limits. */
  readonly smallContour: Path2D | undefined = $derived(
    this.outline?.smallPath ? new Path2D(this.outline.smallPath) : undefined,
  );
  readonly truthContour: Path2D | undefined = $derived(this.truth && new Path2D(this.truth.path));
  #outlineRequest: { result: Result; threshold: number; scope: OutlineScope } | undefined;
  #outlining = false;
  /** The results that heatmap and outline belong to. */
  #colored: Result | undefined;
  #outlineResult: Result | undefined;

  constructor(deps: ActiveImageDeps) {
    this.#deps = deps;
    const { connection, viewer } = deps;
    watch(
      () => this.image,
      (image) => image && viewer.setImageSize({ width: image.width, height: image.height }),
    );
    // Loads again with the next connection if the connection was lost.
    watch(
      () => [this.#id, connection.connectionCount],
      ([id], signal) => this.#showBitmap(id, signal),
    );
    watch(
      () => ({ mask: this.#mask, openings: connection.connectionCount }),
      ({ mask }, signal) => this.#showTruth(mask, signal),
    );
    watch(
      () => this.result,
      (result, signal) => this.#showScores(result, signal),
    );
    watch(
      () => [this.result, this.range, viewer.colors] as const,
      (shown, signal) => this.#showHeatmap(shown, signal),
    );
    watch(
      () => [this.result, this.threshold, this.scope] as const,
      (shown) => this.#showOutline(...shown),
    );
    watch(
      () => this.outline,
      () => {
        this.region = undefined;
        return () => (viewer.highlight = undefined);
      },
    );
    watch(
      () => this.bitmap,
      (bitmap, signal) => {
        viewer.range.counts = bitmap && countLevels(bitmap);
        void this.#preload(bitmap, signal);
      },
    );
  }

  /** Whether a pixel is inside the inspection region. */
  inspects({ x, y }: Point): boolean {
    return !this.#inside || this.#inside[y * this.#deps.viewer.image.width + x] === 1;
  }

  /** The outer ring of a region. */
  ringOf({ peakX, peakY }: Region): readonly Point[] | undefined {
    return ringAround(this.#rings, { x: peakX, y: peakY });
  }

  /** Zooms to a region and highlights it. */
  showRegion(at: number): void {
    const region = this.regions.at(at);
    const ring = region && this.ringOf(region);
    if (!region || !ring) return;
    const { viewer } = this.#deps;
    this.region = at;
    viewer.zoomToPart(boundsOf(ring));
    viewer.highlight = new Path2D(pathOf(ring));
  }

  /** Shows the next or previous region, wrapping around. */
  stepRegion(steps: number): void {
    const { length } = this.regions;
    if (length === 0) return;
    const from = this.region ?? (steps > 0 ? -1 : length);
    this.showRegion((from + steps + length) % length);
  }

  #rangeOf({ min, max }: Result): ValueRange | undefined {
    if (this.#deps.viewer.heatmapRangeOf === 'class') return this.scores?.range;
    return { low: min, high: Math.max(max, min + Number.EPSILON) };
  }

  #showBitmap(id: number | undefined, signal: AbortSignal): void {
    const { bitmaps } = this.#deps;
    const cached = id === undefined ? undefined : bitmaps.peek(id);
    this.failure = undefined;
    this.bitmap = cached;
    this.#preview = undefined;
    if (cached || id === undefined) return;
    void this.#showPreview(signal);
    bitmaps.load(id).then(
      (bitmap) => !signal.aborted && (this.bitmap = bitmap),
      (thrown) => !signal.aborted && (this.failure = toErrorReport(thrown)),
    );
  }

  /** Shows the thumbnail if it has loaded. */
  async #showPreview(signal: AbortSignal): Promise<void> {
    const { thumbnails } = this.#deps;
    const name = this.image?.thumbnail;
    const { url } = name ? thumbnails.get(name) : {};
    if (!url) return;
    try {
      // The content security policy allows data URLs in images, not in fetch.
      const picture = Object.assign(new Image(), { src: url });
      await picture.decode();
      const preview = await createImageBitmap(picture);
      if (!signal.aborted && !this.bitmap) this.#preview = preview;
    } catch {
      // Only a placeholder: the image itself reports the error.
    }
  }

  #showTruth(mask: string | null | undefined, signal: AbortSignal): void {
    const { masks } = this.#deps;
    const cached = mask ? masks.peek(mask) : undefined;
    this.truth = cached;
    if (cached || !mask) return;
    masks.load(mask).then(
      (truth) => !signal.aborted && (this.truth = truth),
      (thrown) => !signal.aborted && this.#showError('Could not load the ground truth', thrown),
    );
  }

  /** Loads the neighbors in advance. */
  async #preload(shown: ImageBitmap | undefined, signal: AbortSignal): Promise<void> {
    if (!shown) return;
    const { bitmaps, maps, masks, methods, results, scores, selection, viewer } = this.#deps;
    const neighbors = selection.neighbors(PRELOAD_RADIUS).filter(({ id }) => id !== this.#id);
    const method = methods.selectedId;
    const heatmaps = neighbors.flatMap(({ id, textureClass }) => {
      const result = results.get(id, method);
      const range = scores.byClass.get(textureClass)?.range;
      return result && range ? [() => maps.heatmap(result, range, viewer.colors)] : [];
    });
    await bitmaps.preload(
      shown,
      neighbors.map(({ id }) => id),
    );
    for (const { mask } of neighbors)
      if (mask && !signal.aborted) await masks.load(mask).catch(() => undefined);
    for (const heatmap of heatmaps) if (!signal.aborted) await heatmap().catch(() => undefined);
  }

  #showScores(result: Result | undefined, signal: AbortSignal): void {
    this.placed = undefined;
    if (!result) return;
    this.#deps.maps.placed(result).then(
      (placed) => !signal.aborted && (this.placed = placed),
      (thrown) => !signal.aborted && this.#showError('Could not load the anomaly map', thrown),
    );
  }

  /** The same image's heatmap in the old range remains until the new one is rendered. */
  #showHeatmap(
    [result, range, colors]: readonly [Result | undefined, ValueRange | undefined, ColormapName],
    signal: AbortSignal,
  ): void {
    if (!result || !range) {
      this.#colored = undefined;
      this.heatmap = undefined;
      return;
    }
    const { maps } = this.#deps;
    const cached = maps.peekHeatmap(result, range, colors);
    if (cached || this.#colored !== result) this.heatmap = cached;
    this.#colored = result;
    if (cached) return;
    maps.heatmap(result, range, colors).then(
      (heatmap) => !signal.aborted && (this.heatmap = heatmap),
      (thrown) => !signal.aborted && this.#showError('Could not load the anomaly map', thrown),
    );
  }

  /** Computes one outline at a time, and skips all but the latest threshold while the slider is dragged. */
  #showOutline(result: Result | undefined, threshold: number | undefined, scope: OutlineScope): void {
    if (!result || threshold === undefined) {
      this.#outlineRequest = undefined;
      this.outline = undefined;
      return;
    }
    if (this.#outlineResult !== result) this.outline = undefined;
    this.#outlineRequest = { result, threshold, scope };
    if (!this.#outlining) void this.#outlineLatest();
  }

  async #outlineLatest(): Promise<void> {
    this.#outlining = true;
    try {
      while (this.#outlineRequest) {
        const { result, threshold, scope } = this.#outlineRequest;
        this.#outlineRequest = undefined;
        const outline = await this.#deps.maps.outline(result, threshold, scope);
        // A blind review may have hidden the image in the meantime.
        if (this.result !== result || this.threshold === undefined) continue;
        this.#outlineResult = result;
        this.outline = outline;
      }
    } catch (thrown) {
      this.#showError('Could not load the anomaly map', thrown);
    } finally {
      this.#outlining = false;
    }
  }

  #showError(title: string, thrown: unknown): void {
    if (!isConnectionLost(thrown)) this.#deps.notices.showError(title, toErrorReport(thrown));
  }
}

/** Holds the active image while a screen shows one. */
export class ActiveImageSlot {
  current = $state.raw<ActiveImage>();
}

/**
 * Creates a screen's active image and puts it into the slot until the screen closes. Call it in a component.
 */
export function createActiveImage(): ActiveImage {
  const slot = getActiveImageSlot();
  const activeImage = new ActiveImage({
    bitmaps: getBitmaps(),
    connection: getConnection(),
    datasets: getDatasets(),
    maps: getMaps(),
    masks: getMasks(),
    methods: getMethods(),
    notices: getNotices(),
    recipes: getRecipes(),
    regionEditor: getRegionEditor(),
    regions: getRegions(),
    results: getResults(),
    scores: getScores(),
    selection: getSelection(),
    thumbnails: getThumbnails(),
    viewer: getViewer(),
  });
  onMount(() => {
    slot.current = activeImage;
    return () => {
      if (slot.current === activeImage) slot.current = undefined;
    };
  });
  return activeImage;
}

export const [getActiveImageSlot, setActiveImageSlot] = createContext<ActiveImageSlot>();
