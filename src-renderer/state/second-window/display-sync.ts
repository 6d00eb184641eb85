import type { ViewerState } from '../../viewer/viewer-state.svelte.ts';
import type { DatasetStore } from '../datasets/dataset-store.svelte.ts';
import type { ImageSelection } from '../images/image-selection.svelte.ts';
import type { MethodStore } from '../methods/method-store.svelte.ts';
import type { ClassScoresStore } from '../results/class-scores.svelte.ts';
import type { ThresholdStore } from '../results/threshold-store.svelte.ts';
import type { ReviewStore } from '../reviews/review-store.svelte.ts';
import { fitScale } from '../../viewer/viewport.ts';
import { EMPTY_FILTER } from '../images/image-filter.ts';
import type { SharedViewSettings, DisplayState } from './display-state.ts';

/** The stores whose state both windows share. */
export interface DisplayedStores {
  datasets: DatasetStore;
  methods: MethodStore;
  reviews: ReviewStore;
  scores: ClassScoresStore;
  selection: ImageSelection;
  thresholds: ThresholdStore;
  viewer: ViewerState;
}

/** The state of the main window. */
export function displayStateOf(stores: DisplayedStores): DisplayState {
  const { datasets, methods, selection, scores, viewer, reviews } = stores;
  const { image } = selection;
  const ofClass = image && scores.byClass.get(image.textureClass);
  const { userView, view } = viewer;
  return {
    dataset: datasets.selectedId,
    textureClass: datasets.textureClass,
    method: methods.selectedId,
    image: image?.id,
    threshold: ofClass?.isCustom ? ofClass.threshold : undefined,
    hidden:
      image !== undefined && reviews.isHidden(image.id)
        ? { name: image.name, heatmap: reviews.blinding?.heatmaps === true }
        : undefined,
    view: userView && {
      x: view.x,
      y: view.y,
      zoom: view.scale / fitScale(viewer.image, viewer.pane),
    },
    settings: sharedSettings(viewer),
    range: viewer.range.state,
  };
}

/** Applies the published state in a second window. */
export function applyDisplayState(stores: DisplayedStores, state: DisplayState): void {
  const { datasets, methods, selection, thresholds, viewer } = stores;
  const { hidden } = state;
  datasets.blinding = hidden && { nameOf: () => hidden.name, heatmaps: hidden.heatmap };
  datasets.select(state.dataset, state.textureClass);
  methods.selectedId = state.method;
  selection.filter = EMPTY_FILTER;
  selection.requestedId = state.image;
  const { dataset, method } = state;
  const textureClass = state.image === undefined ? undefined : datasets.byId.get(state.image)?.textureClass;
  if (dataset !== undefined && method !== undefined && textureClass !== undefined)
    thresholds.apply({ dataset, method, textureClass }, state.threshold);
  Object.assign(viewer, state.settings);
  viewer.range.show(state.range);
  viewer.userView = state.view && {
    x: state.view.x,
    y: state.view.y,
    scale: state.view.zoom * fitScale(viewer.image, viewer.pane),
  };
}

function sharedSettings(viewer: ViewerState): SharedViewSettings {
  const { contour, groundTruth, groundTruthFilled, heatmapOnOverlay, heatmapRangeOf } = viewer;
  const { opacity, colors: selectedColors, smooth } = viewer;
  return {
    contour,
    groundTruth,
    groundTruthFilled,
    heatmapOnOverlay,
    heatmapRangeOf,
    opacity,
    selectedColors,
    smooth,
  };
}
