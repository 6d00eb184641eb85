import type { Viewing } from '../viewer/viewer-state.svelte.ts';
import type { Workstation } from '../app/workstation.svelte.ts';
import { fitScale } from '../viewer/viewport.ts';
import { everything } from '../state/images/image-filter.ts';
import type { DisplayLooks, DisplayState } from './display-state.ts';

/** What a window shows, for its second windows. */
export function displayStateOf(station: Workstation): DisplayState {
  const { catalogue, methods, selection, scores, viewing, reviews } = station;
  const { image } = selection;
  const ofClass = image && scores.byClass.get(image.textureClass);
  const { chosen, view } = viewing;
  return {
    dataset: catalogue.chosenId,
    textureClass: catalogue.textureClass,
    method: methods.chosenId,
    image: image?.id,
    threshold: ofClass?.chosen ? ofClass.threshold : undefined,
    hidden: image !== undefined && reviews.hides(image.id),
    view: chosen && {
      x: view.x,
      y: view.y,
      zoom: view.scale / fitScale(viewing.image, viewing.pane),
    },
    looks: looksOf(viewing),
    range: viewing.range.state,
  };
}

/** Shows in a second window what the first published. */
export function showDisplayState(station: Workstation, state: DisplayState): void {
  const { catalogue, methods, selection, thresholds, viewing } = station;
  catalogue.hides = state.hidden ? () => true : undefined;
  catalogue.choose(state.dataset, state.textureClass);
  methods.chosenId = state.method;
  selection.filter = everything;
  selection.wanted = state.image;
  const { dataset, method } = state;
  const textureClass = state.image === undefined ? undefined : catalogue.byId.get(state.image)?.textureClass;
  if (dataset !== undefined && method !== undefined && textureClass !== undefined)
    thresholds.show({ dataset, method, textureClass }, state.threshold);
  Object.assign(viewing, state.looks);
  viewing.range.show(state.range);
  viewing.chosen = state.view && {
    x: state.view.x,
    y: state.view.y,
    scale: state.view.zoom * fitScale(viewing.image, viewing.pane),
  };
}

function looksOf(viewing: Viewing): DisplayLooks {
  const { contour, truth, tinted, blended, opacity, scaleOf, colours, smooth } = viewing;
  return { contour, truth, tinted, blended, opacity, scaleOf, chosenColours: colours, smooth };
}
