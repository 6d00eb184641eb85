import type { Layer } from './painting.ts';

/** One pane of the viewer. All panes show the same part of the same image, each with its own layers. */
export interface PaneContent {
  key: string;
  title: string;
  layers: Layer[];
  /** Layers shown instead of `layers` to the right of the divider (`ViewerState.divider`). */
  rightLayers?: Layer[] | undefined;
}
