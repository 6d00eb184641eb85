import type { OutlineScope, OutlinedRegion } from '../../image-cache/outline.ts';
import { createContext, onMount, untrack } from 'svelte';
import type { ErrorReport } from '../../../src-main/common/api/errors.ts';
import type { DatasetImage } from '../../../src-main/common/api/datasets.ts';
import type { InspectionRegion } from '../../../src-main/common/api/regions.ts';
import type { Result } from '../../../src-main/common/api/runs.ts';
import type { ValueRange } from '../../../src-main/common/maps/value-range.ts';
import type { ColormapName } from '../../../src-main/common/maps/colormaps.ts';
import { isPixelInside, isWholeImage } from '../../../src-main/common/maps/inspection-region.ts';
import type { RegionSizeLimits } from '../../../src-main/common/maps/split-by-size.ts';
import { pixelSize, scaleOfPixel, type ScaleChoice } from '../../../src-main/common/scale.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import type { TruthMask } from '../../image-cache/worker-requests.ts';
import { countLevels } from '../../viewer/gray-levels.ts';
import { colorAt } from '../../viewer/painting.ts';
import { shadeOf, type ShadeLayer } from '../../viewer/shade.ts';
import type { Point } from '../../viewer/viewport.ts';
import { getConnection, type Connection } from '../../api/connection.svelte.ts';
import { getBitmaps, type BitmapCache } from '../../image-cache/bitmap-cache.ts';
import { getMaps, type MapCache } from '../../image-cache/map-cache.ts';
import { isLargeMap } from '../../image-cache/map-levels.ts';
import { getMasks, isLargeMask, type MaskCache } from '../../image-cache/mask-cache.ts';
import type { ScoreReader } from '../../image-cache/score-reader.svelte.ts';
import { getTiles, type TileCache } from '../../image-cache/tile-cache.ts';
import type { TileLoader } from '../../image-cache/tile-loader.svelte.ts';
import { getThumbnails, type ThumbnailCache } from '../../image-cache/thumbnail-cache.svelte.ts';
import { getViewer, type ViewerState } from '../../viewer/viewer-state.svelte.ts';
import { getSelection, type ImageSelection } from '../images/image-selection.svelte.ts';
import { getDatasets, type DatasetStore } from '../datasets/dataset-store.svelte.ts';
import { getMethods, type MethodStore } from '../methods/method-store.svelte.ts';
import { getNotices, type Notices } from '../notices.svelte.ts';
import { getScores, type ClassScores, type ClassScoresStore } from '../results/class-scores.svelte.ts';
import { getRecipes } from '../recipes/recipe-store.svelte.ts';
import { getRegionEditor, type RegionEditor } from '../recipes/region-editor.svelte.ts';
import { getRegions, type RegionStore } from '../recipes/region-store.svelte.ts';
import { getResults, type ResultStore } from '../results/result-store.svelte.ts';
import { getRolls, type RollStore } from '../rolls/roll-store.svelte.ts';
import { watch } from '../../reactivity/watch.svelte.ts';
import { ImageOutline } from './image-outline.svelte.ts';
import { PartialContour, type ContourLoader } from './partial-contour.svelte.ts';

/** What an active image reads: the stores, or a screen's own part of them. */
export interface ActiveImageDeps {
  bitmaps: BitmapCache;
  connection: Pick<Connection, 'connectionCount'>;
  datasets: Pick<DatasetStore, 'selectedId' | 'isHidden'>;
  maps: MapCache;
  masks: MaskCache;
  methods: Pick<MethodStore, 'selectedId'>;
  notices: Notices;
  recipes: {
    ofClass(
      dataset: number | undefined,
      textureClass: string | undefined,
    ): { latest: { definition: RegionSizeLimits } } | undefined;
  };
  regionEditor: Pick<RegionEditor, 'shown'>;
  regions: Pick<RegionStore, 'of'>;
  results: Pick<ResultStore, 'get'>;
  rolls: Pick<RollStore, 'byImage'>;
  scores: Pick<ClassScoresStore, 'byClass'>;
  selection: Pick<ImageSelection, 'image' | 'neighbors'>;
  thumbnails: ThumbnailCache;
  tiles: TileCache;
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
  /** The pixels of a large image, instead of the bitmap. */
  tiles = $state.raw<TileLoader>();
  /** The heatmap of a large image or of a large map, instead of the bitmap. */
  heatmapTiles = $state.raw<TileLoader>();
  /** Whether the image itself is drawn, not only a placeholder. */
  readonly isDrawn: boolean = $derived(this.bitmap !== undefined || this.tiles !== undefined);
  readonly hasHeatmap: boolean = $derived.by(
    () => this.heatmap !== undefined || this.heatmapTiles !== undefined,
  );
  /** The whole image, at a low resolution if it is large. */
  readonly #overview: ImageBitmap | undefined = $derived.by(() => this.bitmap ?? this.tiles?.whole);
  pixelScores = $state.raw<ScoreReader>();
  heatmap = $state.raw<ImageBitmap>();
  readonly outline: ImageOutline;
  /** Why the image cannot be shown. */
  readonly failure: ErrorReport | undefined = $derived.by(() => this.#failure ?? this.tiles?.failure);
  #failure = $state.raw<ErrorReport>();

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
        mmPerPixel: this.#turned(definition.mmPerPixel),
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
  readonly regions: readonly OutlinedRegion[] = $derived.by(() => this.outline.regions);
  /** Index of the highlighted region. */
  region = $state<number>();
  readonly #truthPart: PartialContour;
  readonly truthContour: Path2D | undefined = $derived.by(() => {
    if (!this.truth) return undefined;
    return new Path2D(isLargeMask(this.truth) ? this.#truthPart.current?.path : this.truth.path);
  });
  /** Loads the contour of a large mask. */
  readonly #truthLoader: ContourLoader | undefined = $derived.by(() => {
    const name = this.#mask;
    if (!name || !this.truth || !isLargeMask(this.truth)) return undefined;
    return (level, part) => this.#deps.masks.contourPart(name, level, part);
  });
  /** The result that the heatmap belongs to. */
  #colored: Result | undefined;

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
      (_, signal) =>
        this.#showPixels(
          untrack(() => this.image),
          signal,
        ),
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
    this.#truthPart = new PartialContour(
      viewer,
      () => this.#truthLoader,
      (thrown) => this.#showError('Could not load the ground truth', thrown),
    );
    this.outline = new ImageOutline(deps, () => ({
      result: this.result,
      threshold: this.threshold,
      scope: this.scope,
    }));
    // The contour of a large map becomes finer when the view zooms in.
    watch(
      () => this.outline.contour,
      () => {
        const region = this.region === undefined ? undefined : this.regions.at(this.region);
        const outline = region && this.outline.outlineOf(region);
        if (outline && viewer.highlight) viewer.highlight = new Path2D(outline.path);
      },
    );
    watch(
      () => this.regions,
      () => {
        this.region = undefined;
        return () => (viewer.highlight = undefined);
      },
    );
    watch(
      () => this.#overview,
      (overview) => (viewer.range.counts = overview && countLevels(overview)),
    );
    watch(
      () => this.bitmap,
      (bitmap, signal) => void this.#preload(bitmap, signal),
    );
  }

  /** Whether a pixel is inside the inspection region. */
  inspects(pixel: Point): boolean {
    return !this.inspected || isPixelInside(this.inspected, this.#deps.viewer.image, pixel);
  }

  /** A pixel's color, 0 to 255 per channel; undefined outside the image, or until its tile has loaded. */
  colorAt(pixel: Point): [number, number, number] | undefined {
    if (this.bitmap) return colorAt(this.bitmap, pixel);
    const found = this.tiles?.pixel(pixel);
    return found && colorAt(found.bitmap, found);
  }

  /** Zooms to a region and highlights it. */
  showRegion(at: number): void {
    const region = this.regions.at(at);
    const outline = region && this.outline.outlineOf(region);
    if (!outline) return;
    const { viewer } = this.#deps;
    this.region = at;
    viewer.zoomToPart(outline.box);
    viewer.highlight = new Path2D(outline.path);
  }

  /** Shows the next or previous region, wrapping around. */
  stepRegion(steps: number): void {
    const { length } = this.regions;
    if (length === 0) return;
    const from = this.region ?? (steps > 0 ? -1 : length);
    this.showRegion((from + steps + length) % length);
  }

  /** A scale across and along, for a map whose rows are across. */
  #turned(scale: ScaleChoice | null): ScaleChoice | null {
    const roll = this.#id === undefined ? undefined : this.#deps.rolls.byImage.get(this.#id);
    return roll?.direction === 'right' && scale !== null ? scaleOfPixel(pixelSize(scale, 'right')) : scale;
  }

  #rangeOf({ min, max }: Result): ValueRange | undefined {
    if (this.#deps.viewer.heatmapRangeOf === 'class') return this.scores?.range;
    return { low: min, high: Math.max(max, min + Number.EPSILON) };
  }

  #showPixels(image: DatasetImage | undefined, signal: AbortSignal): void {
    const { bitmaps, tiles } = this.#deps;
    const cached = image && !image.tiled ? bitmaps.peek(image.id) : undefined;
    this.#failure = undefined;
    this.bitmap = cached;
    this.tiles?.close();
    this.tiles = image?.tiled ? tiles.image(image) : undefined;
    this.#preview = undefined;
    if (cached || !image) return;
    void this.#showPreview(signal);
    if (image.tiled) return;
    bitmaps.load(image.id).then(
      (bitmap) => !signal.aborted && (this.bitmap = bitmap),
      (thrown) => !signal.aborted && (this.#failure = toErrorReport(thrown)),
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
      if (signal.aborted || this.bitmap) return;
      this.#preview = preview;
      if (this.tiles) this.tiles.preview = preview;
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
    const neighbors = selection
      .neighbors(PRELOAD_RADIUS)
      .filter(({ id, tiled }) => id !== this.#id && !tiled);
    const method = methods.selectedId;
    const heatmaps = neighbors.flatMap(({ id, textureClass }) => {
      const result = results.get(id, method);
      const range = scores.byClass.get(textureClass)?.range;
      return result && range && !isLargeMap(result) ? [() => maps.heatmap(result, range, viewer.colors)] : [];
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
    this.pixelScores = undefined;
    if (!result) return;
    this.#deps.maps.scores(result).then(
      (scores) => !signal.aborted && (this.pixelScores = scores),
      (thrown) => !signal.aborted && this.#showError('Could not load the anomaly map', thrown),
    );
  }

  /** The same image's heatmap in the old range remains until the new one is rendered. */
  #showHeatmap(
    [result, range, colors]: readonly [Result | undefined, ValueRange | undefined, ColormapName],
    signal: AbortSignal,
  ): void {
    const previous = this.heatmapTiles;
    previous?.close();
    this.heatmapTiles = undefined;
    if (!result || !range) {
      this.#colored = undefined;
      this.heatmap = undefined;
      return;
    }
    const { maps, tiles } = this.#deps;
    if (this.image?.tiled || isLargeMap(result)) {
      this.heatmap = undefined;
      this.heatmapTiles = tiles.heatmap(result, range, colors);
      if (this.#colored === result) this.heatmapTiles.preview = previous?.whole;
      this.#colored = result;
      return;
    }
    const cached = maps.peekHeatmap(result, range, colors);
    if (cached || this.#colored !== result) this.heatmap = cached;
    this.#colored = result;
    if (cached) return;
    maps.heatmap(result, range, colors).then(
      (heatmap) => !signal.aborted && (this.heatmap = heatmap),
      (thrown) => !signal.aborted && this.#showError('Could not load the anomaly map', thrown),
    );
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
 *
 * @param own what the screen shows instead of the selected image of the dataset
 */
export function createActiveImage(own: Partial<ActiveImageDeps> = {}): ActiveImage {
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
    rolls: getRolls(),
    scores: getScores(),
    selection: getSelection(),
    thumbnails: getThumbnails(),
    tiles: getTiles(),
    viewer: getViewer(),
    ...own,
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
